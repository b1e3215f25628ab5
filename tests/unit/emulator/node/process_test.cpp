#include "emulator/node/process.hpp"

#include "emulator/node/orphans.hpp"
#include "shared/base/unique_descriptor.hpp"
#include "tests/support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace bluebatch::emulator::node {
namespace {

using Clock = std::chrono::steady_clock;

class RunProcess : public testing::Test {
protected:
    ProcessOutcome run(std::string const& script, std::stop_token stop = {}) {
        base::UniqueDescriptor const out(
            ::open(file("out").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)
        );
        base::UniqueDescriptor const err(
            ::open(file("err").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)
        );
        ProcessSpecification specification;
        specification.program = "/bin/bash";
        specification.arguments = {"/bin/bash", "-c", script};
        specification.environment = {{"PATH", "/usr/bin:/bin"}, {"WHO", "world"}};
        specification.working_directory = directory_.path();
        specification.stdout_descriptor = out.get();
        specification.stderr_descriptor = err.get();
        return run_process(specification, stop);
    }
    std::string file(std::string const& name) const { return directory_.path() / name; }
    std::string content(std::string const& name) const {
        std::ifstream stream(file(name));
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }
    static bool eventually(std::function<bool()> const& holds) {
        auto const deadline = Clock::now() + std::chrono::seconds{5};
        while (!holds()) {
            if (Clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        return true;
    }
    // Signal 0 asks whether there is anything; a zombie nobody has reaped yet is not running.
    static bool is_running(pid_t process) {
        std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
        std::string text;
        std::getline(stat, text);
        auto const state = text.rfind(") ");
        return state != std::string::npos && text[state + 2] != 'Z' && text[state + 2] != 'X';
    }

    tests::TemporaryDirectory directory_;
};

TEST_F(RunProcess, WritesBothStreamsAndReturnsTheExitCode) {
    auto const outcome = run("echo hello $WHO; echo oops >&2; exit 7");

    EXPECT_EQ(outcome.exit_code, 7);
    EXPECT_EQ(content("out"), "hello world\n");
    EXPECT_EQ(content("err"), "oops\n");
}

// Batch: ENV-4, ENV-13
TEST_F(RunProcess, RunsInItsFolderWithNothingOnInput) {
    EXPECT_EQ(run("cat; pwd").exit_code, 0);

    EXPECT_EQ(content("out"), std::filesystem::canonical(directory_.path()).string() + "\n");
}

TEST_F(RunProcess, InheritsNoDescriptor) {
    int const leaked = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a library might

    run("ls /proc/self/fd | tr '\\n' ' '");

    ::close(leaked);
    EXPECT_EQ(content("out"), "0 1 2 3 ");  // 3 is the folder that ls reads
}

// Batch: TASK-17
TEST_F(RunProcess, ASignalIsANegativeExitCode) {
    EXPECT_EQ(run("kill -SEGV $$").exit_code, -SIGSEGV);
}

// Batch: TASK-17
TEST_F(RunProcess, AShellThatReportsASignalAdds128) {
    EXPECT_EQ(run("(kill -KILL $BASHPID); exit $?").exit_code, 128 + SIGKILL);
}

TEST_F(RunProcess, SignalsAreAsAFreshProcessHasThem) {
    std::signal(SIGPIPE, SIG_IGN);

    auto const outcome = run("yes | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}");

    std::signal(SIGPIPE, SIG_DFL);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(content("out"), std::to_string(128 + SIGPIPE) + "\n");
}

TEST_F(RunProcess, AProgramThatCannotRunSaysWhy) {
    ProcessSpecification specification;
    specification.program = file("missing");
    specification.arguments = {"missing"};
    specification.working_directory = directory_.path();
    specification.stdout_descriptor = 1;
    specification.stderr_descriptor = 2;

    auto const outcome = run_process(specification, {});

    EXPECT_FALSE(outcome.exit_code);
    EXPECT_EQ(outcome.launch_error, ENOENT);
}

// Batch: ENV-14
TEST_F(RunProcess, AStopKillsTheWholeGroupWithinASecond) {
    std::stop_source stop;
    std::jthread const stopper([&] {
        EXPECT_TRUE(eventually([&] { return content("pids").ends_with("end\n"); }));
        stop.request_stop();
    });

    auto const outcome = run(
        "trap '' TERM; (trap '' TERM; while :; do sleep 1000; done) & echo $! > pids; echo end >> pids; wait",
        stop.get_token()
    );

    EXPECT_EQ(outcome.exit_code, -SIGKILL);
    auto const child = static_cast<pid_t>(std::stoi(content("pids")));
    EXPECT_TRUE(eventually([&] { return !is_running(child); }));
}

TEST_F(RunProcess, AStopBeforeTheStartEndsItAtOnce) {
    std::stop_source stop;
    stop.request_stop();
    auto const began = Clock::now();

    EXPECT_EQ(run("sleep 1000", stop.get_token()).exit_code, -SIGKILL);

    EXPECT_LT(Clock::now() - began, std::chrono::seconds{1});
}

// Batch: ENV-13
TEST_F(RunProcess, ChildrenLeftBehindEndWithTheCommand) {
    EXPECT_EQ(run("sleep 1000 & echo $! > pids").exit_code, 0);

    auto const child = static_cast<pid_t>(std::stoi(content("pids")));
    EXPECT_TRUE(eventually([&] { return !is_running(child); }));
}

TEST_F(RunProcess, AThousandRunsLeaveNoZombieAndNoDescriptor) {
    auto const descriptors = [] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    };
    auto const before = descriptors();

    for (int i = 0; i < 200; ++i)
        ASSERT_EQ(run("true").exit_code, 0);

    EXPECT_EQ(descriptors(), before);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

// Batch: ENV-12
TEST_F(RunProcess, FindsProgramsOnPathThenInTheFolder) {
    std::ofstream(file("tool")) << "#!/bin/sh\n";
    std::ofstream(file("data")) << "no program\n";
    std::filesystem::permissions(file("tool"), std::filesystem::perms::owner_all);
    auto const& folder = directory_.path();

    EXPECT_EQ(find_program("sh", "/nowhere:/bin", folder), "/bin/sh");
    EXPECT_EQ(find_program("tool", "/bin", folder), folder / "tool");
    EXPECT_EQ(find_program("./tool", "/bin", folder)->lexically_normal(), folder / "tool");
    EXPECT_EQ(find_program("/bin/sh", "", folder), "/bin/sh");
    EXPECT_EQ(find_program("data", "/bin", folder), std::nullopt);
    EXPECT_EQ(find_program("nothing", "/bin", folder), std::nullopt);
    EXPECT_EQ(find_program("./nothing", "/bin", folder), std::nullopt);
}

TEST_F(RunProcess, OrphansOfAnEarlierLifeAreEndedAndNothingElse) {
    auto const start = [](std::string const& root) {
        std::string variable = "AZ_BATCH_NODE_ROOT_DIR=" + root;
        std::string program = "/bin/sleep";
        std::string time = "1000";
        char* const arguments[] = {program.data(), time.data(), nullptr};
        char* const environment[] = {variable.data(), nullptr};
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
        pid_t child = -1;
        EXPECT_EQ(posix_spawn(&child, program.c_str(), nullptr, &attributes, arguments, environment), 0);
        posix_spawnattr_destroy(&attributes);
        // Its environment shows a moment after its birth.
        EXPECT_TRUE(eventually([&] {
            std::ifstream shown("/proc/" + std::to_string(child) + "/environ");
            return shown.peek() != std::ifstream::traits_type::eof();
        }));
        return child;
    };
    auto const nodes = directory_.path() / "nodes";
    pid_t const ours = start(nodes / "pool/node");
    pid_t const other = start(directory_.path().string() + "/nodes-of-another/pool/node");

    ASSERT_EQ(end_orphans(nodes), 1U);

    int status = 0;
    EXPECT_EQ(::waitpid(ours, &status, 0), ours);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(is_running(other));
    ::kill(other, SIGKILL);
    ::waitpid(other, &status, 0);
}

}  // namespace
}  // namespace bluebatch::emulator::node
