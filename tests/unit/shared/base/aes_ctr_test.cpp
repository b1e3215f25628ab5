#include "shared/base/aes_ctr.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bluebatch::base {
namespace {

std::span<std::byte> bytes_of(std::string& text) {
    return std::as_writable_bytes(std::span{text});
}

std::string hex(std::string const& bytes) {
    static constexpr char const* kDigits = "0123456789abcdef";
    std::string text;
    for (auto const byte : bytes) {
        auto const c = static_cast<unsigned char>(byte);
        text += kDigits[c >> 4];
        text += kDigits[c & 15];
    }
    return text;
}

std::string const kKey(32, 'k');

// printf 'x%.0s' {1..16} | openssl enc -aes-256-ctr -K 6b6b... -iv 00000000000000010000000000000003
TEST(AesCtr, CountsBlocksFromTheNonceOn) {
    std::string text(16, 'x');
    AesCtr(kKey).apply(1, 48, bytes_of(text));
    EXPECT_EQ(hex(text), "158f503c828c8ce9ddce77433993c9c6");
}

TEST(AesCtr, GoesOnFromAnyPosition) {
    AesCtr const cipher(kKey);
    std::string whole(1000, 'x');
    cipher.apply(7, 0, bytes_of(whole));
    for (std::size_t const start : {1U, 15U, 16U, 17U, 500U}) {
        std::string part(1000 - start, 'x');
        cipher.apply(7, start, bytes_of(part));
        EXPECT_EQ(part, whole.substr(start)) << start;
    }
}

TEST(AesCtr, TellsTextsAndKeysApart) {
    std::string one(64, 'x');
    std::string other(64, 'x');
    std::string third(64, 'x');
    AesCtr(kKey).apply(1, 0, bytes_of(one));
    AesCtr(kKey).apply(2, 0, bytes_of(other));
    AesCtr(std::string(32, 'l')).apply(1, 0, bytes_of(third));
    EXPECT_NE(one, other);
    EXPECT_NE(one, third);
    EXPECT_NE(one, std::string(64, 'x'));
}

TEST(AesCtr, WantsAKeyOf32Bytes) {
    EXPECT_THROW(AesCtr("short"), std::invalid_argument);
}

}  // namespace
}  // namespace bluebatch::base
