#include "emulator/app/lives.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace bluebatch::emulator::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(LivesTest, EndWithTheirLastToken) {
    auto const lives = std::make_shared<Lives>();
    EXPECT_TRUE(lives->wait_for_end("one", minutes{1}, {})) << "it never lived";
    auto first = lives->begin("one");
    auto const other = lives->begin("other");
    EXPECT_FALSE(lives->wait_for_end("one", milliseconds{0}, {}));
    auto second = first;
    first.reset();
    EXPECT_FALSE(lives->wait_for_end("one", milliseconds{0}, {}));
    std::jthread const ending([token = std::move(second)]() mutable { token.reset(); });
    EXPECT_TRUE(lives->wait_for_end("one", minutes{1}, {}));
}

TEST(LivesTest, AreNotWaitedForByWhoIsToStop) {
    auto const lives = std::make_shared<Lives>();
    auto const token = lives->begin("one");
    std::stop_source stop;
    std::jthread const stopping([&] { stop.request_stop(); });
    EXPECT_FALSE(lives->wait_for_end("one", minutes{1}, stop.get_token()));
}

}  // namespace
}  // namespace bluebatch::emulator::app
