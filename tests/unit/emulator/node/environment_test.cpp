#include "emulator/node/environment.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace bluebatch::emulator::node {
namespace {

class MakeEnvironment : public testing::Test {
protected:
    MakeEnvironment() {
        command_.kind = domain::RunKind::task;
        command_.pool_id = "pool";
        command_.node_id = "node";
        command_.node_is_dedicated = false;
        command_.job_id = "job";
        command_.task_id = "task";
    }
    Environment make() {
        return *make_environment(
            inherited_, {"account", "http://127.0.0.1:10003", "/bluebatch/bin"}, command_, directories_
        );
    }
    std::string failure() {
        auto const made = make_environment(
            inherited_, {"account", "http://127.0.0.1:10003", "/bluebatch/bin"}, command_, directories_
        );
        return made ? std::string() : made.error().message;
    }
    void set(std::string name, std::string value) {
        command_.specification.environment_settings.push_back({std::move(name), std::move(value)});
    }

    Environment inherited_{{"PATH", "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
    domain::RunCommand command_;
    RunDirectories directories_{
        {"/data/nodes/account/pool/node"}, "/data/nodes/account/pool/node/workitems/job/job-1/task"};
};

// Batch: ENV-6
TEST_F(MakeEnvironment, NamesAccountPoolNodeJobAndTask) {
    auto const environment = make();

    EXPECT_EQ(environment.at("AZ_BATCH_ACCOUNT_NAME"), "account");
    EXPECT_EQ(environment.at("AZ_BATCH_ACCOUNT_URL"), "http://127.0.0.1:10003");
    EXPECT_EQ(environment.at("AZ_BATCH_POOL_ID"), "pool");
    EXPECT_EQ(environment.at("AZ_BATCH_NODE_ID"), "node");
    EXPECT_EQ(environment.at("AZ_BATCH_NODE_IS_DEDICATED"), "false");
    EXPECT_EQ(environment.at("AZ_BATCH_JOB_ID"), "job");
    EXPECT_EQ(environment.at("AZ_BATCH_TASK_ID"), "task");
}

// Batch: ENV-6, ENV-10
TEST_F(MakeEnvironment, NamesTheDirectories) {
    auto const environment = make();
    std::string const node = "/data/nodes/account/pool/node";

    EXPECT_EQ(environment.at("AZ_BATCH_NODE_ROOT_DIR"), node);
    EXPECT_EQ(environment.at("AZ_BATCH_NODE_SHARED_DIR"), node + "/shared");
    EXPECT_EQ(environment.at("AZ_BATCH_NODE_STARTUP_DIR"), node + "/startup");
    EXPECT_EQ(environment.at("AZ_BATCH_NODE_STARTUP_WORKING_DIR"), node + "/startup/wd");
    EXPECT_EQ(environment.at("AZ_BATCH_NODE_MOUNTS_DIR"), node + "/fsmounts");
    EXPECT_EQ(environment.at("AZ_BATCH_TASK_DIR"), node + "/workitems/job/job-1/task");
    EXPECT_EQ(environment.at("AZ_BATCH_TASK_WORKING_DIR"), node + "/workitems/job/job-1/task/wd");
    EXPECT_EQ(environment.at("HOME"), node + "/workitems/job/job-1/task/wd");
}

// Batch: ENV-6
TEST_F(MakeEnvironment, AStartTaskHasNeitherJobNorTask) {
    command_.kind = domain::RunKind::start_task;

    auto const environment = make();

    EXPECT_FALSE(environment.contains("AZ_BATCH_JOB_ID"));
    EXPECT_FALSE(environment.contains("AZ_BATCH_TASK_ID"));
    EXPECT_TRUE(environment.contains("AZ_BATCH_TASK_WORKING_DIR"));
}

TEST_F(MakeEnvironment, OurFrontEndsComeFirstOnPath) {
    EXPECT_EQ(make().at("PATH"), "/bluebatch/bin:/usr/bin:/bin");
}

// Batch: ENV-9
TEST_F(MakeEnvironment, SettingsMayReferToOthersAndToWhatTheyReplace) {
    set("GREETING", "hello $WHO");
    set("WHO", "${AZ_BATCH_TASK_ID}!");
    set("PATH", "/mine:$PATH");

    auto const environment = make();

    EXPECT_EQ(environment.at("GREETING"), "hello task!");
    EXPECT_EQ(environment.at("PATH"), "/mine:/bluebatch/bin:/usr/bin:/bin");
}

TEST_F(MakeEnvironment, ADollarThatNamesNothingStays) {
    set("PASSWORD", "a$b$1$ ${");

    EXPECT_EQ(make().at("PASSWORD"), "a$b$1$ ${");
}

// Batch: ENV-9
TEST_F(MakeEnvironment, ACircleIsAnError) {
    set("A", "$B");
    set("B", "$C");
    set("C", "$A");

    EXPECT_FALSE(make_environment(inherited_, {}, command_, directories_));
}

// Batch: ENV-8
TEST_F(MakeEnvironment, TheServicesOwnVariablesCannotBeSet) {
    set("AZ_BATCH_TASK_ID", "other");
    set("AZ_BATCH_SOMETHING_ELSE", "mine");

    auto const environment = make();

    EXPECT_EQ(environment.at("AZ_BATCH_TASK_ID"), "task");
    EXPECT_EQ(environment.at("AZ_BATCH_SOMETHING_ELSE"), "mine");
}

// Batch: ENV-8
TEST_F(MakeEnvironment, AnEmptySettingIsAnEmptyString) {
    set("EMPTY", "");

    EXPECT_EQ(make().at("EMPTY"), "");
}

TEST_F(MakeEnvironment, SettingsThatDoubleEachOtherStayBounded) {
    set("A000", "xxxxxxxxxx");
    for (int i = 1; i < 60; ++i)
        set(fmt::format("A{:03}", i), fmt::format("${{A{0:03}}}${{A{0:03}}}", i - 1));

    EXPECT_NE(failure().find("longer than 128 KiB"), std::string::npos);
}

TEST_F(MakeEnvironment, WhatIsWrittenCountsAsWellAsWhatIsInserted) {
    constexpr std::size_t kLongest = 128 << 10;
    set("A", std::string(kLongest, 'x'));
    EXPECT_EQ(make().at("A").size(), kLongest);

    set("B", "y$A");

    EXPECT_NE(failure().find("setting B becomes longer than 128 KiB"), std::string::npos) << failure();
}

TEST_F(MakeEnvironment, AnEndlessChainOfSettingsIsRefused) {
    for (int i = 0; i < 50'000; ++i)
        set(fmt::format("A{:05}", i), fmt::format("$A{:05}", i + 1));

    EXPECT_NE(failure().find("too often"), std::string::npos);
}

TEST(InheritedEnvironment, KeepsNoSecretsOfTheEmulator) {
    ::setenv("AZURE_STORAGE_KEY", "secret", 1);
    ::setenv("BLUEBATCH_ACCOUNT", "name:secret", 1);
    ::setenv("TZ", "Europe/Paris", 1);

    auto const environment = inherited_environment();

    EXPECT_FALSE(environment.contains("AZURE_STORAGE_KEY"));
    EXPECT_FALSE(environment.contains("BLUEBATCH_ACCOUNT"));
    EXPECT_EQ(environment.at("TZ"), "Europe/Paris");
    EXPECT_FALSE(environment.at("PATH").empty());
    ::unsetenv("TZ");
}

TEST(ExpandVariables, ReplacesUnsetOnesByNothing) {
    EXPECT_EQ(expand_variables("$A-${B}-$C", {{"A", "1"}, {"B", "2"}}), "1-2-");
}

TEST(ExpandVariables, ManyReferencesDoNotAddUpWithoutBound) {
    std::string references;
    for (int i = 0; i < 1000; ++i)
        references += "$LONG ";
    EXPECT_LT(expand_variables(references, {{"LONG", std::string(100'000, 'x')}}).size(), 200'000U);
}

TEST_F(MakeEnvironment, AnInstanceKnowsAllOthers) {
    command_.instance = domain::Instance{0, {{"10.0.0.5", 2}, {"10.0.0.4", 2}}};
    auto const primary = make();
    command_.instance->number = 1;
    auto const subtask = make();

    EXPECT_EQ(primary.at("AZ_BATCH_NODE_LIST"), "10.0.0.5;10.0.0.4");
    EXPECT_EQ(primary.at("AZ_BATCH_HOST_LIST"), "10.0.0.5,10.0.0.4");
    EXPECT_EQ(primary.at("AZ_BATCH_MASTER_NODE"), "10.0.0.5:6000");
    EXPECT_EQ(primary.at("AZ_BATCH_IS_CURRENT_NODE_MASTER"), "true");
    EXPECT_EQ(primary.at("CCP_NODES"), "2 10.0.0.5 2 10.0.0.4 2");
    EXPECT_EQ(
        primary.at("AZ_BATCH_TASK_SHARED_DIR"), "/data/nodes/account/pool/node/workitems/job/job-1/task"
    );
    EXPECT_EQ(subtask.at("AZ_BATCH_MASTER_NODE"), "10.0.0.5:6000");
    EXPECT_EQ(subtask.at("AZ_BATCH_IS_CURRENT_NODE_MASTER"), "false");
}

TEST_F(MakeEnvironment, OtherTasksKnowNoInstances) {
    EXPECT_FALSE(make().contains("AZ_BATCH_NODE_LIST"));
    EXPECT_FALSE(make().contains("AZ_BATCH_TASK_SHARED_DIR"));
}

}  // namespace
}  // namespace bluebatch::emulator::node
