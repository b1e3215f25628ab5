#include "shared/http/poller.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bluebatch::http {
namespace {

// One end of a pair of sockets; the test holds the other.
class Waiting final : public Poller::Waiter {
public:
    Waiting() {
        std::array<int, 2> ends{};
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
        socket = base::UniqueDescriptor(ends[0]);
        peer = base::UniqueDescriptor(ends[1]);
    }
    void resume() override { on_resume(); }
    void make_readable() const { EXPECT_EQ(::write(peer.get(), "x", 1), 1); }

    base::UniqueDescriptor socket;
    base::UniqueDescriptor peer;
    std::function<void()> on_resume;
};

struct PollerTest : ::testing::Test {
    bool wait(std::shared_ptr<Waiting> const& waiter, Poller::Until until = Poller::Until::readable) {
        return poller.wait(waiter, waiter->socket.get(), until);
    }
    std::shared_ptr<Waiting> noting(std::string name) {
        auto waiter = std::make_shared<Waiting>();
        waiter->on_resume = [this, name = std::move(name)] {
            resumed.push_back(name);
            if (resumed.size() == expected) poller.stop();
        };
        return waiter;
    }

    Poller poller;
    std::vector<std::string> resumed;
    std::size_t expected = 1;
};

TEST_F(PollerTest, ResumesOnceForOneWait) {
    auto const waiter = noting("a");
    ASSERT_TRUE(wait(waiter));
    waiter->make_readable();
    poller.run();
    EXPECT_EQ(resumed, std::vector<std::string>{"a"});
}

TEST_F(PollerTest, WaitsAgainForTheSameSocket) {
    expected = 2;
    auto const waiter = noting("a");
    auto const note = waiter->on_resume;
    waiter->on_resume = [&] {
        note();
        if (resumed.size() == 1) wait(waiter, Poller::Until::writable);
    };
    ASSERT_TRUE(wait(waiter));
    waiter->make_readable();
    poller.run();
    EXPECT_EQ(resumed.size(), 2U);
}

TEST_F(PollerTest, HoldsWhoWaitsAndNobodyElse) {
    auto waiter = noting("a");
    std::weak_ptr<Waiting> const weak = waiter;
    auto const peer = std::move(waiter->peer);
    ASSERT_TRUE(wait(waiter));
    waiter.reset();
    ASSERT_FALSE(weak.expired());
    ASSERT_EQ(::write(peer.get(), "x", 1), 1);
    poller.run();
    EXPECT_TRUE(weak.expired());
    EXPECT_EQ(resumed.size(), 1U);
}

TEST_F(PollerTest, AClosedPeerWakesWhoWaits) {
    auto const waiter = noting("a");
    ASSERT_TRUE(wait(waiter));
    waiter->peer.close();
    poller.run();
    EXPECT_EQ(resumed.size(), 1U);
}

TEST_F(PollerTest, AnotherThatIsReadyGoesBeforeWhoIsDeferred) {
    expected = 3;
    auto const first = noting("first");
    auto const ready = noting("ready");
    auto const note = first->on_resume;
    first->on_resume = [&] {
        note();
        if (resumed.size() > 1) return;
        ready->make_readable();
        poller.defer(first);
    };
    ASSERT_TRUE(wait(first));
    ASSERT_TRUE(wait(ready));
    first->make_readable();
    poller.run();
    EXPECT_EQ(resumed, (std::vector<std::string>{"first", "ready", "first"}));
}

TEST_F(PollerTest, RefusesASocketThatTheSystemCannotWatch) {
    auto const waiter = noting("a");
    std::weak_ptr<Waiting> const weak = waiter;
    EXPECT_FALSE(poller.wait(waiter, -1, Poller::Until::readable));
    EXPECT_EQ(weak.use_count(), 1) << "nobody holds it any more";
}

// `busy` does not come back before `deferred` has been resumed, so another thread must do that.
struct ADeferredWaiter : PollerTest, ::testing::WithParamInterface<bool> {
    void run_a_round(bool is_announced) {
        auto const first = std::make_shared<Waiting>();
        auto const busy = std::make_shared<Waiting>();
        auto const deferred = std::make_shared<Waiting>();
        std::promise<void> done;
        std::promise<void> round;
        deferred->on_resume = [&] { done.set_value(); };
        busy->on_resume = [&] {
            if (is_announced) poller.leave_deferred_to_others();
            done.get_future().wait();
            round.set_value();
        };
        first->on_resume = [&] {
            busy->make_readable();
            poller.defer(deferred);
        };
        ASSERT_TRUE(wait(busy));
        ASSERT_TRUE(wait(first));
        first->make_readable();
        auto ended = round.get_future();
        // Nobody else can end what would wait for ever, and it holds what lives here.
        if (ended.wait_for(std::chrono::seconds{30}) != std::future_status::ready) {
            ADD_FAILURE() << "the deferred connection was not resumed";
            done.set_value();
            ended.wait();
        }
    }
};

TEST_P(ADeferredWaiter, DoesNotWaitForABusyThread) {
    constexpr int kRounds = 300;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] { poller.run(); });
    for (int round = 0; round < kRounds; ++round)
        run_a_round(GetParam());
    poller.stop();
}

INSTANTIATE_TEST_SUITE_P(Announced, ADeferredWaiter, ::testing::Bool());

TEST_F(PollerTest, StopsEveryThread) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { poller.run(); });
    poller.stop();
    threads.clear();
    EXPECT_TRUE(resumed.empty());
}

// Each of many waiters counts without a lock: it is never run by two threads at once, and one sees what the
// other wrote.
TEST_F(PollerTest, NeverResumesOneWaiterTwiceAtATime) {
    constexpr int kRounds = 2000;
    constexpr std::size_t kWaiters = 8;
    std::array<std::shared_ptr<Waiting>, kWaiters> waiters;
    std::array<int, kWaiters> counts{};
    std::atomic<std::size_t> left = kWaiters;
    for (std::size_t i = 0; i < kWaiters; ++i) {
        waiters[i] = std::make_shared<Waiting>();
        waiters[i]->on_resume = [&, i] {
            if (++counts[i] < kRounds) {
                wait(waiters[i], Poller::Until::writable);
            } else if (--left == 0) {
                poller.stop();
            }
        };
    }
    for (auto const& waiter : waiters)
        ASSERT_TRUE(wait(waiter, Poller::Until::writable));
    {
        std::jthread const other([&] { poller.run(); });
        poller.run();
    }
    for (int const count : counts)
        EXPECT_EQ(count, kRounds);
}

}  // namespace
}  // namespace bluebatch::http
