#include "emulator/node/use_meter.hpp"

#include "emulator/node/process.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace bluebatch::emulator::node {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Meter : public testing::Test {
protected:
    // A shell that is busy for a while, and then for as long as it is let.
    void run_script(UseMeter::Run& run, std::string const& script, std::stop_token stop = {}) {
        ProcessSpecification specification;
        specification.program = "/bin/sh";
        specification.arguments = {"/bin/sh", "-c", script};
        specification.environment = {{"PATH", "/usr/bin:/bin"}};
        specification.working_directory = directory_.path();
        specification.stdout_descriptor = specification.stderr_descriptor =
            ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        specification.meter = &run;
        run_process(specification, stop);
        ::close(specification.stdout_descriptor);
    }
    static std::string busy(int rounds) {
        return "i=0; while [ $i -lt " + std::to_string(rounds) + " ]; do i=$((i+1)); done; ";
    }
    // Until some time of a processor has been used.
    domain::ResourceUse take_until_busy() {
        domain::ResourceUse use;
        auto const deadline = std::chrono::steady_clock::now() + seconds{20};
        while (use.cpu_time == base::Ticks{0} && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(milliseconds{10});
            use = meter_.take("pool");
        }
        return use;
    }

    tests::TemporaryDirectory directory_;
    tests::ManualClock clock_;
    UseMeter meter_{directory_.path(), clock_};
};

TEST_F(Meter, CountsProcessesThatHaveEndedOnce) {
    {
        UseMeter::Run run(meter_, "pool", "node");
        run_script(run, busy(200'000));
        // One that the command itself waited for.
        run_script(run, "(" + busy(200'000) + ") ; true");
    }
    EXPECT_GE(meter_.take("pool").cpu_time, milliseconds{20});
    EXPECT_EQ(meter_.take("pool").cpu_time, milliseconds{0});
    EXPECT_EQ(meter_.take("other").cpu_time, milliseconds{0});
}

TEST_F(Meter, LooksAtProcessesThatRun) {
    std::stop_source stop;
    UseMeter::Run run(meter_, "pool", "node");
    std::jthread const runs([&] { run_script(run, "while :; do :; done", stop.get_token()); });
    auto const use = take_until_busy();
    EXPECT_GT(use.cpu_time, milliseconds{0});
    EXPECT_GT(use.memory_bytes, 0U);
    EXPECT_GT(use.disk_bytes, 0U);
    stop.request_stop();
}

TEST_F(Meter, MeasuresAThreadThatDoesTheWorkItself) {
    UseMeter::Run run(meter_, "pool", "node");
    run.thread_begins();
    auto const deadline = std::chrono::steady_clock::now() + seconds{20};
    base::Ticks used{0};
    while (used < milliseconds{5} && std::chrono::steady_clock::now() < deadline)
        used += meter_.take("pool").cpu_time;
    run.thread_ends();
    EXPECT_GE(used, milliseconds{5});
}

TEST_F(Meter, AddsUpTransfersAndTimeOfAllNodes) {
    {
        UseMeter::Run one(meter_, "pool", "a");
        UseMeter::Run two(meter_, "pool", "b");
        one.received(100);
        two.received(11);
        two.sent(7);
        clock_.advance(seconds{3});
    }
    auto const use = meter_.take("pool");
    EXPECT_EQ(use.received_bytes, 111U);
    EXPECT_EQ(use.sent_bytes, 7U);
    EXPECT_EQ(use.wall_clock, seconds{6});
}

TEST_F(Meter, ForgetsNodesThatAreGoneWhileTheyStillRun) {
    UseMeter::Run run(meter_, "pool", "node");
    run.received(100);
    meter_.forget("pool", "node");
    run.received(100);
    EXPECT_EQ(meter_.take("pool").received_bytes, 0U);
}

}  // namespace
}  // namespace bluebatch::emulator::node
