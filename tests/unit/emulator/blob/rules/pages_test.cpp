#include "emulator/blob/rules/pages.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::rules {
namespace {

azure::StorageErrorCode fault_of(std::string_view header) {
    auto const range = parse_page_range("Range", header);
    return range ? azure::StorageErrorCode::count_ : range.error().code;
}

TEST(PageRange, IsOfWholePagesWithBothEnds) {
    EXPECT_EQ(parse_page_range("Range", "bytes=0-511").value(), (ByteRange{0, 512}));
    EXPECT_EQ(parse_page_range("Range", "bytes=512-4095").value(), (ByteRange{512, 3584}));
    for (auto const* const text : {"", "0-511", "bytes=", "bytes=0-", "bytes=-512", "bytes=0-511,1024-1535"})
        EXPECT_EQ(fault_of(text), azure::StorageErrorCode::invalid_header_value) << text;
    for (auto const* const text :
         {"bytes=1-511",
          "bytes=0-512",
          "bytes=0-510",
          "bytes=512-511",
          "bytes=1024-511",
          "bytes=0-18446744073709551615"})
        EXPECT_EQ(fault_of(text), azure::StorageErrorCode::invalid_page_range) << text;
}

TEST(PageRange, GrowsToWholePages) {
    EXPECT_EQ(whole_pages({0, 512}), (ByteRange{0, 512}));
    EXPECT_EQ(whole_pages({511, 2}), (ByteRange{0, 1024}));
    EXPECT_EQ(whole_pages({600, 1}), (ByteRange{512, 512}));
}

TEST(SequenceNumber, MeetsItsConditions) {
    EXPECT_TRUE((SequenceConditions{}.are_met_by(7)));
    EXPECT_TRUE((SequenceConditions{.at_most = 7}.are_met_by(7)));
    EXPECT_FALSE((SequenceConditions{.at_most = 6}.are_met_by(7)));
    EXPECT_FALSE((SequenceConditions{.below = 7}.are_met_by(7)));
    EXPECT_TRUE((SequenceConditions{.below = 8}.are_met_by(7)));
    EXPECT_TRUE((SequenceConditions{.equal = 7}.are_met_by(7)));
    EXPECT_FALSE((SequenceConditions{.equal = 8}.are_met_by(7)));
}

TEST(SequenceNumber, ChangesByItsAction) {
    EXPECT_EQ(apply({SequenceAction::max, 5}, 7).value(), 7U);
    EXPECT_EQ(apply({SequenceAction::max, 9}, 7).value(), 9U);
    EXPECT_EQ(apply({SequenceAction::update, 5}, 7).value(), 5U);
    EXPECT_EQ(apply({SequenceAction::increment}, 7).value(), 8U);
    EXPECT_EQ(
        apply({SequenceAction::increment}, kMaxSequenceNumber).error().code,
        azure::StorageErrorCode::sequence_number_increment_too_large
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
