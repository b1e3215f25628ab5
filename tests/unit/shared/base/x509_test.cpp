#include "shared/base/x509.hpp"

#include "shared/base/digest.hpp"
#include "tests/support/certificates.hpp"

#include <gtest/gtest.h>

namespace bluebatch::base {
namespace {

std::string bytes_of(std::string_view base64) {
    return parse_base64(base64).value();
}

TEST(Certificates, AreReadFromDerAndPem) {
    auto const der = parse_certificate(bytes_of(tests::kCer));
    ASSERT_TRUE(der);
    EXPECT_EQ(der->sha1, tests::kThumbprint);
    EXPECT_EQ(der->der, bytes_of(tests::kCer));

    auto const pem = parse_certificate(bytes_of(tests::kPem));
    ASSERT_TRUE(pem);
    EXPECT_EQ(pem->der, der->der);
}

TEST(Certificates, AreNothingElse) {
    for (auto const& bytes :
         {std::string(), std::string("text"), bytes_of(tests::kCer) + "x", bytes_of(tests::kPfx)})
        EXPECT_FALSE(parse_certificate(bytes));
}

TEST(Certificates, AreFoundInPkcs12Files) {
    struct Case {
        std::string_view base64;
        std::string password;
    };
    for (auto const& [base64, password] :
         {Case{tests::kPfx, "secret"},
          Case{tests::kOldPfx, "secret"},
          Case{tests::kPfxWithoutPassword, ""},
          Case{tests::kPlainPfx, "secret"}}) {
        auto const file = parse_pkcs12(bytes_of(base64), password);
        ASSERT_TRUE(file) << file.error().message;
        ASSERT_EQ(file->size(), 1U);
        EXPECT_EQ(file->front().sha1, tests::kThumbprint);
    }
}

TEST(Certificates, NeedThePasswordOfTheirFile) {
    EXPECT_FALSE(parse_pkcs12(bytes_of(tests::kPfx), "wrong"));
    EXPECT_FALSE(parse_pkcs12(bytes_of(tests::kPfx), ""));
    EXPECT_FALSE(parse_pkcs12(bytes_of(tests::kCer), ""));
    EXPECT_FALSE(parse_pkcs12({}, ""));
    EXPECT_FALSE(parse_certificate({}));
}

TEST(Certificates, OfFilesThatTakeVeryLongAreRefused) {
    EXPECT_FALSE(parse_pkcs12(bytes_of(tests::kSlowPfx), "secret"));
}

}  // namespace
}  // namespace bluebatch::base
