#include "shared/http/session_registry.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/socket.h>

#include <array>

namespace bluebatch::http {
namespace {

using std::chrono::seconds;

struct SessionRegistryTest : ::testing::Test {
    SessionRegistryTest() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()); }
    ~SessionRegistryTest() override {
        for (int const socket : sockets)
            ::close(socket);
    }
    void pass(seconds time) {
        for (auto passed = SessionRegistry::kTick * 0; passed <= time; passed += SessionRegistry::kTick)
            registry.tick();
    }

    std::array<int, 2> sockets{};
    SessionRegistry registry{10};
    SessionWatch watch{registry, sockets[0]};
};

TEST_F(SessionRegistryTest, CutsWhatTakesTooLong) {
    watch.enter(Phase::reading_head, seconds(10));
    pass(seconds(9));
    EXPECT_FALSE(watch.expired());
    pass(seconds(2));
    EXPECT_TRUE(watch.expired());
}

TEST_F(SessionRegistryTest, ResumesWhatWasInterruptedInItsOwnTime) {
    watch.enter(Phase::reading_head, seconds(10));
    auto const held = watch.held();
    pass(seconds(5));
    watch.enter(Phase::writing, seconds(60));
    pass(seconds(4));
    watch.resume(held);
    EXPECT_EQ(watch.held().phase, Phase::reading_head);
    pass(seconds(2));
    EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace bluebatch::http
