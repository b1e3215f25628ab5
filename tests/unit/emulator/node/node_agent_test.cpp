#include "tests/unit/emulator/node/node_agent_fixture.hpp"

namespace bluebatch::emulator::node {
namespace {

// Batch: ENV-4
TEST_F(RunOnNode, WritesStreamsBesideTheWorkingDirectory) {
    auto const report = run("/bin/sh -c 'echo out; echo err >&2; pwd > here'");

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_FALSE(report.failure);
    EXPECT_EQ(read(task() / "stdout.txt"), "out\n");
    EXPECT_EQ(read(task() / "stderr.txt"), "err\n");
    EXPECT_EQ(read(task() / "wd/here"), fs::canonical(task() / "wd").string() + "\n");
}

// Batch: ENV-11
TEST_F(RunOnNode, ThereIsNoShellUnlessItIsCalled) {
    EXPECT_EQ(run("/bin/echo $HOME '> file' a  b").exit_code, 0);

    EXPECT_EQ(read(task() / "stdout.txt"), "$HOME > file a b\n");
}

// Batch: ENV-2
TEST_F(RunOnNode, TheNodeHasItsTreeAndTheTaskItsEnvironment) {
    run("/bin/sh -c 'echo $AZ_BATCH_TASK_ID $AZ_BATCH_ACCOUNT_NAME; ls -d $AZ_BATCH_NODE_SHARED_DIR "
        "$AZ_BATCH_NODE_STARTUP_WORKING_DIR $AZ_BATCH_NODE_MOUNTS_DIR $AZ_BATCH_TASK_WORKING_DIR > /dev/null "
        "&& "
        "echo there'");

    EXPECT_EQ(read(task() / "stdout.txt"), "task account\nthere\n");
}

TEST_F(RunOnNode, AFailedCommandMayBeRetried) {
    auto const report = run("/bin/sh -c 'exit 3'");

    EXPECT_EQ(report.exit_code, 3);
    EXPECT_EQ(report.failure->code, "FailureExitCode");
    EXPECT_TRUE(report.retryable);
}

// Batch: TASK-36, ENV-12
TEST_F(RunOnNode, AMissingProgramNeverStarts) {
    auto const report = run("no-such-program --version");

    EXPECT_FALSE(report.exit_code);
    EXPECT_EQ(report.failure->code, "CommandProgramNotFound");
    EXPECT_FALSE(report.retryable);
}

// Batch: TASK-22, ENV-4
TEST_F(RunOnNode, EachTryBeginsInAnEmptyDirectory) {
    run("/bin/sh -c 'touch left; echo first'");

    run("/bin/sh -c 'ls; touch other'");

    EXPECT_EQ(read(task() / "stdout.txt"), "");
    EXPECT_TRUE(fs::exists(task() / "wd/other"));
    EXPECT_TRUE(eventually([&] { return fs::is_empty(directory_.path() / "trash/account"); }));
}

// Batch: RES-8
TEST_F(RunOnNode, ResourceFilesAreThereBeforeTheCommand) {
    blobs_.content["http://host/script"] = "#!/bin/sh\necho from $0\n";

    auto const report = run("tools/script", [](auto& command) {
        command.specification.resource_files = {{"http://host/script", "", "", "", "tools/script", ""}};
    });

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_NE(read(task() / "stdout.txt").find("script"), std::string::npos);
}

// Batch: RES-8, TASK-36
TEST_F(RunOnNode, AMissingResourceFileKeepsTheCommandFromRunning) {
    auto const report = run("/bin/true", [](auto& command) {
        command.specification.resource_files = {{"http://host/none", "", "", "", "a", ""}};
    });

    EXPECT_FALSE(report.exit_code);
    EXPECT_EQ(report.failure->code, "BlobNotFound");
    EXPECT_FALSE(report.retryable);
    EXPECT_FALSE(fs::exists(task() / "stdout.txt"));
}

// Batch: OUT-8
TEST_F(RunOnNode, OutputFilesAreUploadedBeforeTheReport) {
    auto const report = run("/bin/sh -c 'echo result > out.txt'", [](auto& command) {
        command.specification.output_files = {{"out.txt", "http://host/c?sas", "results/1.txt", {}}};
    });

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_EQ(blobs_.uploads["http://host/c/results/1.txt?sas"].content, "result\n");
}

// Batch: TASK-15
TEST_F(RunOnNode, AFailedUploadFailsATaskThatSucceeded) {
    blobs_.fault = TransferError{TransferFault::access_denied, ""};

    auto const report = run("/bin/sh -c 'echo result > out.txt'", [](auto& command) {
        command.specification.output_files = {{"out.txt", "http://host/c", "", {}}};
    });

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_EQ(report.failure->code, "FileUploadAccessDenied");
    EXPECT_FALSE(report.retryable);
}

// Batch: TASK-18, ENV-14
TEST_F(RunOnNode, AStopEndsACommandWithinASecond) {
    auto const running = begin("/bin/sh -c 'echo $$ > pid; trap \"\" TERM; while :; do sleep 100; done'");
    ASSERT_TRUE(eventually([&] { return !read(task() / "wd/pid").empty(); }));

    EXPECT_LT(stop(running, domain::StopReason::wall_clock), std::chrono::seconds{1});

    EXPECT_EQ(report_of(running).exit_code, -SIGKILL);
    EXPECT_EQ(report_of(running).stopped, domain::StopReason::wall_clock);
    EXPECT_FALSE(report_of(running).failure);
}

TEST_F(RunOnNode, AStopEndsADownloadWithinASecond) {
    auto const running = begin("/bin/true", [](auto& command) {
        command.specification.resource_files = {{"http://slow/a", "", "", "", "a", ""}};
    });
    ASSERT_TRUE(eventually([&] { return fs::exists(task() / "wd/a"); }));

    EXPECT_LT(stop(running, domain::StopReason::terminated), std::chrono::seconds{1});

    EXPECT_FALSE(report_of(running).exit_code);
    EXPECT_EQ(report_of(running).stopped, domain::StopReason::terminated);
}

TEST_F(RunOnNode, AStopEndsAnUploadWithinASecond) {
    auto const running = begin("/bin/sh -c 'echo x > out.txt'", [](auto& command) {
        command.specification.output_files = {{"out.txt", "http://slow/c", "", {}}};
    });
    ASSERT_TRUE(eventually([&] { return fs::exists(task() / "fileuploadout.txt"); }));

    EXPECT_LT(stop(running, domain::StopReason::requeued), std::chrono::seconds{1});

    EXPECT_EQ(report_of(running).exit_code, 0);
    EXPECT_EQ(report_of(running).stopped, domain::StopReason::requeued);
}

// Batch: ENV-17
TEST_F(RunOnNode, AStopEndsAConversionWithinASecond) {
    auto const running = begin("ffmpeg -forever -i a.mp4 b.mp3");
    ASSERT_TRUE(eventually([&] { return !read(task() / "stderr.txt").empty(); }));

    EXPECT_LT(stop(running, domain::StopReason::terminated), std::chrono::seconds{1});

    EXPECT_EQ(report_of(running).exit_code, -SIGKILL);
}

TEST_F(RunOnNode, ARunThatWaitsForAThreadCanBeStopped) {
    make_agent(1);
    auto const first = begin("/bin/sleep 100");
    auto const second = begin("/bin/sleep 100", [](auto& command) { command.task_id = "other"; });

    agent_->stop(second, domain::StopReason::terminated);
    agent_->stop(first, domain::StopReason::terminated);

    EXPECT_EQ(report_of(second).stopped, domain::StopReason::terminated);
    EXPECT_FALSE(report_of(second).exit_code);
}

// Batch: ENV-15, ENV-17
TEST_F(RunOnNode, AConversionRunsWithoutAProcess) {
    auto const report = run("/bin/bash -c \"ffmpeg -i $AZ_BATCH_TASK_ID.mp4 out.mp3 \"");

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_EQ(read(task() / "stderr.txt"), "wd: -i task.mp4 out.mp3\n");
}

TEST_F(RunOnNode, AnUnsupportedOptionFailsAndIsNamedWhereThereIsNoFfmpeg) {
    auto const report = run("ffmpeg -exotic -i a b", [](auto& command) {
        command.specification.environment_settings = {{"PATH", "/nowhere"}};
    });

    EXPECT_EQ(report.exit_code, 1);
    EXPECT_NE(read(task() / "stderr.txt").find("-exotic"), std::string::npos);
}

TEST_F(RunOnNode, AnUnsupportedOptionUsesTheMachinesFfmpeg) {
    auto const bin = directory_.path() / "bin";
    fs::create_directory(bin);
    std::ofstream(bin / "ffmpeg") << "#!/bin/sh\necho real \"$@\"\n";
    fs::permissions(bin / "ffmpeg", fs::perms::owner_all);

    auto const report = run("ffmpeg -exotic -i a b", [&](auto& command) {
        command.specification.environment_settings = {{"PATH", bin.string() + ":/bin"}};
    });

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_EQ(read(task() / "stdout.txt"), "real -exotic -i a b\n");
}

// A thread of ours that waits for a pipe could not be stopped.
TEST_F(RunOnNode, AConversionThatReadsAPipeIsAProcess) {
    auto const bin = directory_.path() / "bin";
    fs::create_directory(bin);
    std::ofstream(bin / "ffmpeg") << "#!/bin/sh\necho process \"$@\"\n";
    fs::permissions(bin / "ffmpeg", fs::perms::owner_all);
    auto const pipe = (directory_.path() / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);

    run("ffmpeg -i " + pipe + " out.mp3", [&](auto& command) {
        command.specification.environment_settings = {{"PATH", bin.string() + ":/bin"}};
    });

    EXPECT_EQ(read(task() / "stdout.txt"), "process -i " + pipe + " out.mp3\n");
}

// Batch: ENV-15
TEST_F(RunOnNode, PackagesAreNeverInstalledOnThisMachine) {
    auto const report =
        run("/bin/bash -c \"apt-get update && apt-get install -y ffmpeg\"",
            [](auto& command) { command.kind = domain::RunKind::start_task; });

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_NE(read(node() / "startup/stdout.txt").find("nothing was installed"), std::string::npos);
}

// JM-6, TASK-56
TEST_F(RunOnNode, ATokenOpensTheJobWhileTheCommandRuns) {
    auto const gate = directory_.path() / "gate";
    auto const id = begin(
        "/bin/sh -c 'echo $AZ_BATCH_AUTHENTICATION_TOKEN; while [ ! -e " + gate.string() +
            " ]; do sleep 0.01; done'",
        [](auto& command) { command.specification.opens_job = true; }
    );
    ASSERT_TRUE(eventually([&] { return read(task() / "stdout.txt").ends_with('\n'); }));
    auto token = read(task() / "stdout.txt");
    token.pop_back();
    EXPECT_EQ(tokens_->job_of(token), "job");

    std::ofstream(gate) << "open";
    EXPECT_EQ(report_of(id).exit_code, 0);
    EXPECT_EQ(tokens_->job_of(token), std::nullopt);

    run("/bin/sh -c 'env | grep -c AUTHENTICATION_TOKEN'");
    EXPECT_EQ(read(task() / "stdout.txt"), "0\n");
}

TEST_F(RunOnNode, AStartTaskRunsInTheStartupDirectory) {
    auto const report =
        run("/bin/sh -c 'echo ready > $AZ_BATCH_NODE_STARTUP_WORKING_DIR/done'",
            [](auto& command) { command.kind = domain::RunKind::start_task; });

    EXPECT_EQ(report.exit_code, 0);
    EXPECT_EQ(read(node() / "startup/wd/done"), "ready\n");
}

TEST_F(RunOnNode, ManyRunsAtOnceShareTheThreads) {
    for (int i = 0; i < 40; ++i) {
        begin("/bin/true", [&](auto& command) { command.task_id = "t" + std::to_string(i); });
    }

    for (domain::RunId id = 1; id <= 40; ++id)
        EXPECT_EQ(report_of(id).exit_code, 0);
}

TEST_F(RunOnNode, RemovedFilesAreGoneAtOnceAndTheirSpaceSoon) {
    run("/bin/sh -c 'mkdir locked; touch locked/file; chmod 0 locked'");

    agent_->remove_task_files("POOL", "node", "job", "task");
    EXPECT_FALSE(fs::exists(task()));

    run("/bin/true");
    agent_->remove_job_files("pool", "job");
    EXPECT_FALSE(fs::exists(node() / "workitems/job"));
    EXPECT_TRUE(fs::exists(node() / "shared"));

    agent_->remove_node_files("pool", "node");
    EXPECT_FALSE(fs::exists(node()));
    EXPECT_TRUE(eventually([&] { return fs::is_empty(directory_.path() / "trash/account"); }));
}

TEST_F(RunOnNode, WhatAnEarlierLifeThrewAwayIsRemoved) {
    agent_.reset();
    fs::create_directories(directory_.path() / "trash/account/old/tree");

    make_agent();

    EXPECT_TRUE(eventually([&] { return fs::is_empty(directory_.path() / "trash/account"); }));
}

TEST_F(RunOnNode, TheEndOfTheAgentStopsWhatRuns) {
    auto const running = begin("/bin/sleep 100");
    auto const began = std::chrono::steady_clock::now();

    agent_.reset();

    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
    EXPECT_EQ(report_of(running).stopped, domain::StopReason::requeued);
}

TEST_F(RunOnNode, TheEndOfTheAgentFindsWhatLeftItsGroup) {
    auto const file = (directory_.path() / "number").string();
    // The command ends, and its group with it, once the other process has a session of its own.
    run("/bin/sh -c 'setsid sh -c \"echo \\$\\$ > " + file + "; exec sleep 100\" & while [ ! -s " + file +
        " ]; do sleep 0.01; done'");
    auto const number = std::stoi(read(file));

    agent_.reset();

    EXPECT_TRUE(eventually([&] { return ::kill(number, 0) != 0; }));
}

}  // namespace
}  // namespace bluebatch::emulator::node
