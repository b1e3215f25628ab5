#include "emulator/blob/token_validator.hpp"

#include "tests/unit/emulator/blob/tokens.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob {
namespace {

using tests::TokenClaims;

base::TimePoint const kNow = base::parse_iso8601("2024-01-01T12:00:00Z").value();

std::string outcome(TokenClaims claims, base::Ticks later = {}) {
    auto const answer =
        make_basic_token_validator()->validate(tests::make_token(claims, kNow), "acc", kNow + later);
    return answer ? "accepted" : answer.error().detail;
}

TEST(BasicTokenValidator, TellsWhomATokenSpeaksFor) {
    TokenClaims claims;
    claims.object_id = "11111111-1111-1111-1111-111111111111";
    claims.tenant_id = "22222222-2222-2222-2222-222222222222";

    auto const answer = make_basic_token_validator()->validate(tests::make_token(claims, kNow), "acc", kNow);

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->object_id, claims.object_id);
    EXPECT_EQ(answer->tenant_id, claims.tenant_id);
}

TEST(BasicTokenValidator, KnowsTheAudiencesOfAnAccount) {
    auto const of = [](std::string const& audience) {
        TokenClaims claims;
        claims.audience = audience;
        return outcome(claims);
    };

    EXPECT_EQ(of("https://storage.azure.com"), "accepted");
    EXPECT_EQ(of("https://storage.azure.com/"), "accepted");
    EXPECT_EQ(of("https://acc.blob.core.windows.net"), "accepted");
    EXPECT_EQ(of("https://acc.blob.core.windows.net/"), "accepted");
    EXPECT_EQ(of("https://acc.blob.core.usgovcloudapi.net"), "accepted");
    EXPECT_EQ(of("e406a681-f3d4-42a8-90b6-c2b029497af1"), "accepted");
    for (auto const* const other :
         {"https://other.blob.core.windows.net",
          "https://acc.queue.core.windows.net",
          "https://management.azure.com",
          "https://storage.azure.com.example",
          ""}) {
        EXPECT_EQ(of(other), "Audience validation failed. Audience did not match.") << other;
    }
}

TEST(BasicTokenValidator, KnowsTheIssuers) {
    auto const of = [](std::string const& issuer) {
        TokenClaims claims;
        claims.issuer = issuer;
        return outcome(claims);
    };

    EXPECT_EQ(of("https://sts.windows.net/tenant/"), "accepted");
    EXPECT_EQ(of("https://login.microsoftonline.com/tenant/v2.0"), "accepted");
    EXPECT_EQ(of("https://sts.windows.net.example/"), "Issuer validation failed. Issuer did not match.");
    EXPECT_EQ(of(""), "Issuer validation failed. Issuer did not match.");
}

TEST(BasicTokenValidator, HoldsTokensToTheirTime) {
    EXPECT_EQ(outcome({}, std::chrono::minutes{59}), "accepted");
    EXPECT_EQ(outcome({}, std::chrono::minutes{60}), "Lifetime validation failed. The token is expired.");
    EXPECT_EQ(
        outcome({}, -std::chrono::minutes{6}), "Lifetime validation failed. The token is not yet valid."
    );
}

TEST(BasicTokenValidator, RefusesWhatIsNoToken) {
    auto const answer = make_basic_token_validator()->validate("abc", "acc", kNow);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().detail.find("abc"), std::string::npos);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
