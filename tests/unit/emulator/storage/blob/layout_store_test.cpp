#include "emulator/storage/blob/layout_store.hpp"

#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace bluebatch::emulator::storage::blob {
namespace {

class LayoutTest : public testing::Test {
protected:
    void write(std::int64_t layout, std::int64_t content, std::uint64_t start, std::uint64_t size) {
        clear_range(transaction_, layout, start, size);
        insert_content(transaction_, content, size, std::string(size, 'x'));
        insert_segment(transaction_, layout, {start, size, {}, content, 0});
    }
    // "content+offset:length", "-" for zeros.
    std::string show(std::int64_t layout, std::uint64_t start, std::uint64_t size) {
        std::string text;
        for (auto const& [content, offset, length] :
             find_layout_segments(connection(), layout, start, size)) {
            text +=
                content ? fmt::format("{}+{}:{} ", *content, offset, length) : fmt::format("-:{} ", length);
        }
        return text;
    }
    std::int64_t count_pieces() {
        auto const read = [](Row const& row) { return row.integer(0); };
        return connection().find("SELECT count(*) FROM segments", {}, read).value();
    }
    bool holds(std::int64_t content) { return find_content_bytes(connection(), content).has_value(); }
    Connection& connection() { return transaction_.connection(); }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    BlobStorage storage_{folder_.path(), Durability::process, clock_};
    Transaction transaction_{storage_.database()};
};

TEST_F(LayoutTest, WhatWasNeverWrittenIsZeros) {
    auto const layout = insert_layout(transaction_);
    write(layout, 1, 10, 10);

    EXPECT_EQ(show(layout, 0, 30), "-:10 1+0:10 -:10 ");
    EXPECT_EQ(show(layout, 12, 3), "1+2:3 ");
    EXPECT_EQ(show(layout, 15, 10), "1+5:5 -:5 ");
    EXPECT_EQ(show(layout, 0, 10), "-:10 ");
}

TEST_F(LayoutTest, ALaterWriteHidesWhatItCovers) {
    auto const layout = insert_layout(transaction_);
    write(layout, 1, 0, 30);
    write(layout, 2, 10, 10);

    EXPECT_EQ(show(layout, 0, 30), "1+0:10 2+0:10 1+20:10 ");
    write(layout, 3, 5, 20);
    EXPECT_EQ(show(layout, 0, 30), "1+0:5 3+0:20 1+25:5 ");
    EXPECT_FALSE(holds(2));
    write(layout, 4, 0, 30);
    EXPECT_EQ(show(layout, 0, 30), "4+0:30 ");
    EXPECT_FALSE(holds(1));
}

TEST_F(LayoutTest, WhoeverOwnsALayoutAloneKeepsIt) {
    auto const layout = insert_layout(transaction_);

    EXPECT_EQ(own_layout(transaction_, layout), layout);
}

TEST_F(LayoutTest, AChangeOfASharedLayoutDoesNotReachTheOthers) {
    auto const layout = insert_layout(transaction_);
    write(layout, 1, 0, 10);
    share_layout(transaction_, layout);
    auto const own = own_layout(transaction_, layout);
    write(own, 2, 0, 5);

    EXPECT_EQ(show(layout, 0, 10), "1+0:10 ");
    EXPECT_EQ(show(own, 0, 10), "2+0:5 1+5:5 ");
    release_layout(transaction_, layout);
    remove_dropped_pieces(transaction_, 100);
    EXPECT_TRUE(holds(1));
    release_layout(transaction_, own);
    remove_dropped_pieces(transaction_, 100);
    EXPECT_FALSE(holds(1));
    EXPECT_FALSE(holds(2));
}

TEST_F(LayoutTest, WhoeverDropsALayoutDoesNotWaitForItsPieces) {
    auto const layout = insert_layout(transaction_);
    for (int i = 0; i < 10; ++i)
        write(layout, i + 1, static_cast<std::uint64_t>(i) * 10, 10);

    release_layout(transaction_, layout);

    EXPECT_EQ(count_pieces(), 10);
    EXPECT_TRUE(holds(1));
}

TEST_F(LayoutTest, PiecesOfDroppedLayoutsAreRemovedSoManyAtATime) {
    std::int64_t content = 1;
    for (auto const pieces : {3, 0, 5}) {
        auto const layout = insert_layout(transaction_);
        for (int i = 0; i < pieces; ++i)
            write(layout, content++, static_cast<std::uint64_t>(i) * 10, 10);
        release_layout(transaction_, layout);
    }
    auto const kept = insert_layout(transaction_);
    write(kept, content, 0, 10);

    for (auto const left : {7, 6, 4, 2, 1}) {
        EXPECT_TRUE(has_dropped_layouts(connection()));
        remove_dropped_pieces(transaction_, 2);
        EXPECT_EQ(count_pieces(), left);
    }
    remove_dropped_pieces(transaction_, 2);
    EXPECT_FALSE(has_dropped_layouts(connection()));
    for (std::int64_t id = 1; id < content; ++id)
        EXPECT_FALSE(holds(id)) << id;
    EXPECT_TRUE(holds(content));
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
