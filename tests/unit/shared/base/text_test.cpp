#include "shared/base/text.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace bluebatch::base {
namespace {

TEST(Text, ComparesAsciiWithoutCase) {
    EXPECT_TRUE(equal_ignoring_case("Content-MD5", "content-md5"));
    EXPECT_FALSE(equal_ignoring_case("a", "ab"));
    EXPECT_TRUE(starts_with_ignoring_case("X-MS-Meta-a", "x-ms-"));
}

TEST(Text, SplitsKeepingEmptyParts) {
    EXPECT_EQ(split("a;;b", ';'), (std::vector<std::string_view>{"a", "", "b"}));
    EXPECT_EQ(split("", ';'), (std::vector<std::string_view>{""}));
}

TEST(Text, TrimsBlanks) {
    EXPECT_EQ(trim(" \ta b\r\n"), "a b");
    EXPECT_EQ(trim("  "), "");
}

TEST(Number, TakesOnlyAWholeNumber) {
    EXPECT_EQ(parse_number<int>("-12"), -12);
    EXPECT_FALSE(parse_number<int>("12 "));
    EXPECT_FALSE(parse_number<int>(""));
    EXPECT_FALSE(parse_number<std::uint8_t>("256"));
    EXPECT_FALSE(parse_number<unsigned>("-1"));
}

TEST(Utf8, IsCheckedWhole) {
    EXPECT_TRUE(is_valid_utf8("Füße 音楽 🎵"));
    EXPECT_FALSE(is_valid_utf8("\xC3"));              // cut off
    EXPECT_FALSE(is_valid_utf8("\xC0\x80"));          // longer than needed
    EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));      // a surrogate
    EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));  // beyond Unicode
    EXPECT_FALSE(is_valid_utf8("\x80"));
}

}  // namespace
}  // namespace bluebatch::base
