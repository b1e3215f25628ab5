#include "emulator/blob/rules/range.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::rules {
namespace {

std::optional<ByteRange> range(std::string_view header, std::uint64_t size = 10) {
    return parse_range(header, size).value();
}

azure::StorageErrorCode fault(std::string_view header, std::uint64_t size = 10) {
    auto const result = parse_range(header, size);
    EXPECT_FALSE(result) << header;
    return result.error().code;
}

TEST(ParseRange, KnowsTheFormsOfARange) {
    EXPECT_EQ(range("bytes=0-9"), (ByteRange{0, 10}));
    EXPECT_EQ(range("bytes=3-5"), (ByteRange{3, 3}));
    EXPECT_EQ(range("bytes=9-"), (ByteRange{9, 1}));
    EXPECT_EQ(range("bytes=-3"), (ByteRange{7, 3}));
}

TEST(ParseRange, StopsAtTheEnd) {
    EXPECT_EQ(range("bytes=5-1000"), (ByteRange{5, 5}));
    EXPECT_EQ(range("bytes=-1000"), (ByteRange{0, 10}));
    EXPECT_EQ(range("bytes=0-18446744073709551615"), (ByteRange{0, 10}));
}

TEST(ParseRange, RefusesABeginningBehindTheEnd) {
    EXPECT_EQ(fault("bytes=10-"), azure::StorageErrorCode::invalid_range);
    EXPECT_EQ(fault("bytes=10-12"), azure::StorageErrorCode::invalid_range);
    EXPECT_EQ(fault("bytes=-0"), azure::StorageErrorCode::invalid_range);
    EXPECT_EQ(fault("bytes=0-", 0), azure::StorageErrorCode::invalid_range);
}

TEST(ParseRange, IgnoresWhatIsNoRange) {
    for (auto const* const header :
         {"",
          "bytes",
          "bytes=",
          "bytes=-",
          "bytes=a-b",
          "bytes=5-3",
          "bytes=1-2,4-5",
          "lines=1-2",
          "bytes=--3"}) {
        EXPECT_EQ(range(header), std::nullopt) << header;
    }
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
