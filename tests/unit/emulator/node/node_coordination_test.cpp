#include "tests/unit/emulator/node/node_agent_fixture.hpp"

namespace bluebatch::emulator::node {
namespace {

class CoordinateOnNode : public RunOnNode {
protected:
    static void coordinates(domain::RunCommand& command) {
        command.kind = domain::RunKind::coordination;
        command.instance = domain::Instance{0, {{"10.0.0.4", 1}}};
        auto& specification = command.specification;
        specification.coordination = domain::Coordination{std::move(specification.command_line), {}};
    }
    static void follows(domain::RunCommand& command) {
        command.instance = domain::Instance{0, {{"10.0.0.4", 1}}};
    }
    int number_in(std::string const& name) const { return std::stoi(read(task() / "wd" / name)); }
    bool is_running(int process) const { return ::kill(process, 0) == 0; }
};

// Batch: MI-4
TEST_F(CoordinateOnNode, WhatItsCommandLeavesGoesOnUntilItIsStopped) {
    auto const run = begin("/bin/sh -c 'sleep 100 & echo $! > number'", coordinates);
    EXPECT_EQ(report_of(run).exit_code, 0);
    int const process = number_in("number");
    EXPECT_TRUE(is_running(process));

    agent_->stop(run, domain::StopReason::terminated);

    EXPECT_TRUE(eventually([&] { return !is_running(process); }));
}

TEST_F(CoordinateOnNode, WhatAFailedCommandLeavesEndsWithIt) {
    auto const report = run("/bin/sh -c 'sleep 100 & echo $! > number; exit 3'", coordinates);

    EXPECT_EQ(report.exit_code, 3);
    EXPECT_TRUE(report.retryable);
    EXPECT_TRUE(eventually([&] { return !is_running(number_in("number")); }));
}

TEST_F(CoordinateOnNode, TheEndOfTheAgentEndsWhatItLeft) {
    EXPECT_EQ(run("/bin/sh -c 'sleep 100 & echo $! > number'", coordinates).exit_code, 0);
    int const process = number_in("number");

    agent_.reset();

    EXPECT_TRUE(eventually([&] { return !is_running(process); }));
}

// Batch: MI-3
TEST_F(CoordinateOnNode, ThePrimaryGoesOnWhereItHasCoordinated) {
    blobs_.content["http://blobs/common"] = "common";
    blobs_.content["http://blobs/own"] = "own";
    auto const with_files = [](domain::RunCommand& command) {
        command.specification.resource_files.push_back({"http://blobs/own", "", "", "", "own.txt", ""});
    };
    run("/bin/sh -c 'echo coordinated; ls > seen'", [&](auto& command) {
        with_files(command);
        coordinates(command);
        command.specification.coordination->common_resource_files.push_back(
            {"http://blobs/common", "", "", "", "common.txt", ""}
        );
    });
    EXPECT_EQ(read(task() / "common.txt"), "common");
    EXPECT_EQ(read(task() / "wd/seen"), "seen\n");

    run("/bin/sh -c 'cat own.txt seen $AZ_BATCH_TASK_SHARED_DIR/common.txt'", [&](auto& command) {
        with_files(command);
        follows(command);
    });

    EXPECT_EQ(read(task() / "stdout.txt"), "coordinated\nownseen\ncommon");
}

TEST_F(CoordinateOnNode, CoordinationsMayWaitForEachOther) {
    make_agent(1);
    auto const file = (directory_.path() / "met").string();
    auto const first = begin("/bin/sh -c 'while [ ! -e " + file + " ]; do sleep 0.01; done'", coordinates);
    auto const second = begin("/bin/touch " + file, [](auto& command) {
        coordinates(command);
        command.node_id = "other";
    });

    EXPECT_EQ(report_of(second).exit_code, 0);
    EXPECT_EQ(report_of(first).exit_code, 0);
}

}  // namespace
}  // namespace bluebatch::emulator::node
