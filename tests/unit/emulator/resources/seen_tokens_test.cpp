#include "emulator/resources/seen_tokens.hpp"

#include "shared/codec/json_web_token.hpp"
#include "tests/support/manual_clock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace bluebatch::emulator::resources {
namespace {

using std::chrono::seconds;

std::string token_until(base::TimePoint expiry) {
    auto const since_epoch = std::chrono::floor<seconds>(expiry).time_since_epoch().count();
    return codec::to_base64url(R"({"alg":"RS256"})") + "." +
           codec::to_base64url(fmt::format(R"({{"exp":{}}})", since_epoch)) + ".c2lnbmVk";
}

TEST(SeenTokens, RememberWhomATokenSpeaksForForSomeSeconds) {
    tests::ManualClock clock;
    SeenTokens seen;
    EXPECT_FALSE(seen.find("token", clock.now()));
    seen.keep("token", {"object", "tenant", azure::Role::reader}, clock.now());
    clock.advance(seconds{9});
    auto const found = seen.find("token", clock.now());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->object_id, "object");
    EXPECT_EQ(found->role, azure::Role::reader);
    EXPECT_FALSE(seen.find("tokem", clock.now()));
    clock.advance(seconds{1});
    EXPECT_FALSE(seen.find("token", clock.now()));
}

TEST(SeenTokens, KnowNoneThatHasExpired) {
    tests::ManualClock clock;
    auto const token = token_until(clock.now() + seconds{3});
    ASSERT_TRUE(codec::parse_json_web_token(token));
    SeenTokens seen;
    seen.keep(token, {}, clock.now());
    clock.advance(seconds{2});
    EXPECT_TRUE(seen.find(token, clock.now()));
    clock.advance(seconds{1});
    EXPECT_FALSE(seen.find(token, clock.now()));
}

TEST(SeenTokens, ForgetWhenTimeGoesBackAndWhenThereAreMany) {
    tests::ManualClock clock;
    SeenTokens seen;
    seen.keep("token", {}, clock.now());
    EXPECT_FALSE(seen.find("token", clock.now() - seconds{1}));
    for (int i = 0; i < 64; ++i)
        seen.keep("token " + std::to_string(i), {}, clock.now());
    EXPECT_FALSE(seen.find("token", clock.now()));
    EXPECT_TRUE(seen.find("token 63", clock.now()));
}

}  // namespace
}  // namespace bluebatch::emulator::resources
