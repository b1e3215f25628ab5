#include "shared/base/crc64.hpp"

#include "shared/base/digest.hpp"

#include <gtest/gtest.h>

namespace bluebatch::base {
namespace {

TEST(Crc64, HasTheCheckValueOfItsCatalogue) {
    EXPECT_EQ(crc64("123456789"), 0xAE8B14860A799888U);
    EXPECT_EQ(crc64(""), 0U);
}

TEST(Crc64, IsWrittenAsTheServiceWritesIt) {
    EXPECT_EQ(to_base64(crc64_bytes(crc64("Hello World!"))), "peH8Xsgc5QI=");
    EXPECT_EQ(to_base64(crc64_bytes(crc64(std::string(1024, 'b')))), "pK+ypU+jreM=");
}

TEST(Crc64, IsTheSameInPieces) {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += static_cast<char>(i * 7);

    // Pieces of less than 64 bytes never take the way of large ones.
    for (std::size_t piece = 1; piece < 300; ++piece) {
        Crc64 sum;
        for (std::size_t at = 0; at < text.size(); at += piece)
            sum.update(std::string_view{text}.substr(at, piece));
        EXPECT_EQ(sum.value(), crc64(text)) << piece;
    }
}

TEST(Crc64, IsTheSameInPiecesOfManyKibibytes) {
    std::string text;
    for (std::uint32_t i = 0; i < 100'000; ++i)
        text += static_cast<char>(i * 2'654'435'761U >> 24U);
    auto const in_pieces = [&](std::size_t piece) {
        Crc64 sum;
        for (std::size_t at = 0; at < text.size(); at += piece)
            sum.update(std::string_view{text}.substr(at, piece));
        return sum.value();
    };
    auto const expected = in_pieces(63);
    for (std::size_t const piece : {1024U, 16'383U, 16'384U, 16'385U, 20'001U, 33'333U, 100'000U})
        EXPECT_EQ(in_pieces(piece), expected) << piece;
}

}  // namespace
}  // namespace bluebatch::base
