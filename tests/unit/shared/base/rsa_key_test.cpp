#include "shared/base/rsa_key.hpp"

#include <gtest/gtest.h>

namespace bluebatch::base {
namespace {

TEST(RsaKey, SignsWhatItsCopyCanCheck) {
    auto const key = RsaKey::generate();
    auto const copy = RsaKey::from_pem(key.to_pem());
    ASSERT_TRUE(copy);
    auto const signature = key.sign("a text");
    EXPECT_EQ(signature.size(), 256U);
    EXPECT_TRUE(copy->has_signed("a text", signature));
    EXPECT_FALSE(copy->has_signed("another", signature));
    EXPECT_FALSE(copy->has_signed("a text", signature.substr(1)));
    EXPECT_FALSE(copy->has_signed("a text", ""));
    EXPECT_FALSE(RsaKey::generate().has_signed("a text", signature));
    EXPECT_EQ(copy->modulus(), key.modulus());
    EXPECT_EQ(key.modulus().size(), 256U);
    EXPECT_EQ(key.exponent(), std::string("\x01\x00\x01", 3));
}

TEST(RsaKey, IsReadFromAKeyOnly) {
    EXPECT_FALSE(RsaKey::from_pem(""));
    EXPECT_FALSE(RsaKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
}

}  // namespace
}  // namespace bluebatch::base
