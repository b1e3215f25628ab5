#include "emulator/storage/blob/page_ranges.hpp"

#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::storage::blob {
namespace {

using Ranges = std::vector<PageRange>;

class PageRangesTest : public testing::Test {
protected:
    void write(std::int64_t layout, std::int64_t content, std::uint64_t start, std::uint64_t size) {
        clear_range(transaction_, layout, start, size);
        insert_content(transaction_, content, size, std::string(size, 'x'));
        insert_segment(transaction_, layout, {start, size, {}, content, 0});
    }
    Ranges changes(
        std::optional<std::int64_t> layout,
        std::optional<std::int64_t> previous,
        std::uint64_t start = 0,
        std::uint64_t end = 1'000'000,
        std::size_t limit = SIZE_MAX
    ) {
        return list_page_changes(transaction_.connection(), layout, previous, start, end, limit);
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    BlobStorage storage_{folder_.path(), Durability::process, clock_};
    Transaction transaction_{storage_.database()};
};

TEST_F(PageRangesTest, AgainstNothingArePagesThatWereWritten) {
    auto const layout = insert_layout(transaction_);
    EXPECT_EQ(changes(layout, std::nullopt), Ranges{});
    write(layout, 1, 10, 10);
    write(layout, 2, 20, 5);
    write(layout, 3, 40, 5);

    EXPECT_EQ(changes(layout, std::nullopt), (Ranges{{10, 15}, {40, 5}}));
    EXPECT_EQ(changes(layout, std::nullopt, 12, 42), (Ranges{{12, 13}, {40, 2}}));
    EXPECT_EQ(changes(layout, std::nullopt, 25, 40), Ranges{});
    EXPECT_EQ(changes(layout, std::nullopt, 0, 50, 1), (Ranges{{10, 15}}));
    EXPECT_EQ(
        changes(std::nullopt, layout), (Ranges{{10, 15, PageState::cleared}, {40, 5, PageState::cleared}})
    );
}

TEST_F(PageRangesTest, PiecesOfOneContentThatWereOnlyCutAreNoChange) {
    auto const before = insert_layout(transaction_);
    write(before, 1, 0, 100);
    share_layout(transaction_, before);
    auto const after = own_layout(transaction_, before);
    clear_range(transaction_, after, 40, 10);
    write(after, 2, 60, 10);

    EXPECT_EQ(changes(after, before), (Ranges{{40, 10, PageState::cleared}, {60, 10}}));
    EXPECT_EQ(changes(before, before), Ranges{});
}

TEST_F(PageRangesTest, LayoutsOfManyPiecesAreReadBitByBit) {
    constexpr std::int64_t kPieces = 2500;
    auto const before = insert_layout(transaction_);
    Ranges expected;
    for (std::int64_t i = 0; i < kPieces; ++i) {
        auto const start = static_cast<std::uint64_t>(i) * 20;
        write(before, i + 1, start, 10);
        expected.push_back({start, 10});
    }
    EXPECT_EQ(changes(before, std::nullopt), expected);

    share_layout(transaction_, before);
    auto const after = own_layout(transaction_, before);
    write(after, kPieces + 1, 40'000, 5);
    clear_range(transaction_, after, 49'980, 10);
    EXPECT_EQ(changes(after, before), (Ranges{{40'000, 5}, {49'980, 10, PageState::cleared}}));
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
