#include "shared/base/digest.hpp"

#include "shared/base/random.hpp"

#include <gtest/gtest.h>

namespace bluebatch::base {
namespace {

TEST(Base64, RoundTripsEveryLength) {
    SeededRandom random(7);
    for (std::size_t length = 0; length < 70; ++length) {
        auto const bytes = random.hex(length);
        EXPECT_EQ(parse_base64(to_base64(bytes)), bytes);
    }
    EXPECT_EQ(to_base64("Man"), "TWFu");
    EXPECT_EQ(to_base64("Ma"), "TWE=");
    EXPECT_EQ(to_base64("M"), "TQ==");
}

TEST(Base64, RefusesWhatIsNone) {
    for (auto const* text : {"TWF", "TWF!", "TW=u", "=TWF", "TWFu\n"})
        EXPECT_FALSE(parse_base64(text)) << text;
}

TEST(Digests, AreTheStandardsOwnExamples) {
    // RFC 1321, FIPS 180-2 and RFC 4231 (case 2).
    auto const digest = md5("abc");
    EXPECT_EQ(
        to_hex({reinterpret_cast<char const*>(digest.data()), digest.size()}),
        "900150983cd24fb0d6963f7d28e17f72"
    );
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(
        to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
}

TEST(Digests, AreTheSameInPieces) {
    Md5 hash;
    hash.update("a");
    hash.update("bc");
    EXPECT_EQ(std::move(hash).finish(), md5("abc"));
}

TEST(ConstantTimeComparison, SeesEveryDifference) {
    EXPECT_TRUE(equal_in_constant_time("signature", "signature"));
    EXPECT_FALSE(equal_in_constant_time("signature", "signaturf"));
    EXPECT_FALSE(equal_in_constant_time("signature", "signatur"));
}

TEST(Random, MakesGuidsOfVersionFour) {
    SystemRandom random;
    auto const guid = random.guid();
    ASSERT_EQ(guid.size(), 36U);
    EXPECT_EQ(guid[14], '4');
    EXPECT_NE(std::string("89ab").find(guid[19]), std::string::npos);
    EXPECT_NE(guid, random.guid());
}

TEST(Random, RepeatsItselfWithTheSameSeed) {
    EXPECT_EQ(SeededRandom(3).guid(), SeededRandom(3).guid());
}

}  // namespace
}  // namespace bluebatch::base
