#include "emulator/storage/blob/content_pins.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::storage::blob {
namespace {

TEST(ContentPins, RefuseRemovalUntilTheLastReaderIsGone) {
    auto const pins = std::make_shared<ContentPins>();
    int removed = 0;
    int released = 0;
    pins->on_release([&] { ++released; });
    auto first = pins->pin({1, 2, 2});
    auto second = pins->pin({2, 3});

    EXPECT_FALSE(pins->remove_unless_pinned(2, [&] { ++removed; }));
    EXPECT_TRUE(pins->remove_unless_pinned(4, [&] { ++removed; }));
    first.reset();
    EXPECT_EQ(released, 1);
    EXPECT_FALSE(pins->remove_unless_pinned(2, [&] { ++removed; }));
    second.reset();
    EXPECT_EQ(released, 2);
    EXPECT_TRUE(pins->remove_unless_pinned(2, [&] { ++removed; }));
    EXPECT_EQ(removed, 2);
}

TEST(ContentPins, SayNothingWhenNothingWaited) {
    auto const pins = std::make_shared<ContentPins>();
    int released = 0;
    pins->on_release([&] { ++released; });

    pins->pin({1, 2}).reset();

    EXPECT_EQ(released, 0);
}

TEST(ContentPins, OutliveWhoeverWasToBeTold) {
    auto pins = std::make_shared<ContentPins>();
    auto pin = pins->pin({1});
    EXPECT_FALSE(pins->remove_unless_pinned(1, [] {}));
    pins->on_release({});
    pins.reset();

    EXPECT_NO_FATAL_FAILURE(pin.reset());
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
