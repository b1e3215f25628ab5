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

}  // namespace
}  // namespace bluebatch::base
