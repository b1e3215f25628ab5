#include "emulator/node/container_cli.hpp"

#include "shared/base/digest.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace bluebatch::emulator::node {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class RunInContainer : public testing::Test {
protected:
    RunInContainer() {
        command_.job_id = "job";
        command_.task_id = "task";
        command_.specification.command_line = "/bin/sh -c 'echo one two'";
        command_.specification.container.emplace();
        container().image = "busybox";
    }
    domain::ContainerSettings& container() { return *command_.specification.container; }
    ContainerCall make() {
        return *make_container_run(command_, directories_, environment_, {{"PATH", "/bin"}}, "name");
    }

    domain::RunCommand command_;
    RunDirectories directories_{{"/node"}, "/node/workitems/job/job-1/task"};
    Environment environment_{{"AZ_BATCH_TASK_ID", "task"}, {"PATH", "/usr/bin"}, {"LANG", "C"}};
};

// TASK-54
TEST_F(RunInContainer, TheNodesTreeLiesWhereItDoesOutside) {
    EXPECT_THAT(
        make().arguments,
        ElementsAre(
            "run",
            "--rm",
            "--mount",
            "type=bind,source=/node,target=/node",
            "--env",
            "AZ_BATCH_TASK_ID",
            "--workdir",
            "/node/workitems/job/job-1/task/wd",
            "--name",
            "name",
            "busybox",
            "/bin/sh",
            "-c",
            "echo one two"
        )
    );
}

TEST_F(RunInContainer, VariablesOfTheServiceAndTheUserGoIn) {
    environment_["SECRET"] = "value";
    command_.specification.environment_settings = {{"SECRET", "value"}, {"PATH", "/usr/bin"}};
    auto const call = make();
    EXPECT_EQ(call.environment.at("SECRET"), "value");
    EXPECT_EQ(call.environment.at("AZ_BATCH_TASK_ID"), "task");
    EXPECT_EQ(call.environment.at("PATH"), "/bin") << "the program's own";
    EXPECT_THAT(call.arguments, Contains("SECRET"));
    EXPECT_THAT(call.arguments, Contains("PATH=/usr/bin"));
    EXPECT_THAT(call.arguments, Not(Contains(testing::HasSubstr("value"))));
    EXPECT_THAT(call.arguments, Not(Contains(testing::HasSubstr("LANG"))));
}

TEST_F(RunInContainer, VariablesOfTheUserDoNotSteerTheProgram) {
    environment_["XDG_DATA_HOME"] = "/tmp/x";
    environment_["LD_PRELOAD"] = "x.so";
    command_.specification.environment_settings = {{"XDG_DATA_HOME", "/tmp/x"}, {"LD_PRELOAD", "x.so"}};
    auto const call = make();
    EXPECT_FALSE(call.environment.contains("XDG_DATA_HOME"));
    EXPECT_FALSE(call.environment.contains("LD_PRELOAD"));
    EXPECT_THAT(call.arguments, Contains("XDG_DATA_HOME=/tmp/x"));
    EXPECT_THAT(call.arguments, Contains("LD_PRELOAD=x.so"));
}

TEST_F(RunInContainer, OptionsOfTheUserWinAndTheImageMayDecide) {
    container().run_options = "--rm --memory 1g --label 'a b'";
    container().working_directory = domain::ContainerSettings::WorkingDirectory::of_image;
    command_.specification.command_line = "";
    auto const arguments = make().arguments;
    EXPECT_THAT(arguments, Not(Contains("--workdir")));
    std::vector<std::string> const end(arguments.end() - 8, arguments.end());
    EXPECT_THAT(end, ElementsAre("--rm", "--memory", "1g", "--label", "a b", "--name", "name", "busybox"));
}

TEST_F(RunInContainer, MountsMayBeChosen) {
    container().mounts = {{"Shared", true}, {"Task", false}, {"JobPrep", false}};
    auto const arguments = make().arguments;
    EXPECT_THAT(arguments, Contains("type=bind,source=/node/shared,target=/node/shared,readonly"));
    EXPECT_THAT(
        arguments,
        Contains("type=bind,source=/node/workitems/job/job-1/task,target=/node/workitems/job/job-1/task")
    );
    EXPECT_EQ(std::ranges::count(arguments, "--mount"), 2) << "the job has no preparation task";
}

TEST_F(RunInContainer, AnOpenQuoteIsAFailure) {
    container().run_options = "--label 'open";
    EXPECT_FALSE(make_container_run(command_, directories_, environment_, {}, "name"));
    container().run_options = "";
    command_.specification.command_line = "sh -c 'open";
    EXPECT_FALSE(make_container_run(command_, directories_, environment_, {}, "name"));
}

TEST(RegistryAccess, IsWrittenForBothPrograms) {
    auto const secret = base::to_base64("me:p\"w");
    EXPECT_EQ(*write_registry_access({}), R"({"auths":{}})");
    EXPECT_EQ(
        *write_registry_access({{"my.azurecr.io", "me", "p\"w"}}),
        R"({"auths":{"my.azurecr.io":{"auth":")" + secret + R"("}}})"
    );
    auto const both = *write_registry_access({{"", "me", "x"}, {"other:5000", "me", "x"}});
    for (auto const* name : {R"("docker.io")", R"("https://index.docker.io/v1/")", R"("other:5000")"})
        EXPECT_THAT(both, testing::HasSubstr(name));
    EXPECT_FALSE(write_registry_access({{"evil\":{}", "me", "x"}}));
}

TEST(FindContainerProgram, PrefersPodman) {
    tests::TemporaryDirectory const directory;
    auto const add = [&](char const* name) {
        std::ofstream(directory.path() / name) << "#!/bin/sh\n";
        fs::permissions(directory.path() / name, fs::perms::owner_all);
    };
    auto const path = directory.path().string();
    EXPECT_EQ(find_container_program(path), std::nullopt);
    add("docker");
    EXPECT_EQ(find_container_program(path), directory.path() / "docker");
    add("podman");
    EXPECT_EQ(find_container_program(path), directory.path() / "podman");
}

}  // namespace
}  // namespace bluebatch::emulator::node
