#include "shared/codec/json_web_token.hpp"

#include "shared/base/digest.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace bluebatch::codec {
namespace {

std::string base64url(std::string_view text) {
    auto encoded = base::to_base64(text);
    std::ranges::replace(encoded, '+', '-');
    std::ranges::replace(encoded, '/', '_');
    encoded.erase(std::ranges::find(encoded, '='), encoded.end());
    return encoded;
}

std::string token(std::string_view claims, std::string_view header = R"({"alg":"RS256","kid":"k"})") {
    return base64url(header) + "." + base64url(claims) + "." + base64url("signature");
}

TEST(ParseJsonWebToken, ReadsWhatItSays) {
    auto const text =
        token(R"({"iss":"https://sts.windows.net/t/","aud":"https://storage.azure.com","iat":1577934000,)"
              R"("nbf":1577934245,"exp":1577937845.5,"oid":"o","tid":"t","appid":"a","groups":["x"]})");

    auto const read = parse_json_web_token(text);

    ASSERT_TRUE(read);
    EXPECT_EQ(read->algorithm, "RS256");
    EXPECT_EQ(read->key_id, "k");
    EXPECT_EQ(read->issuer, "https://sts.windows.net/t/");
    EXPECT_EQ(read->audiences, std::vector<std::string>{"https://storage.azure.com"});
    EXPECT_EQ(read->not_before, base::parse_iso8601("2020-01-02T03:04:05Z"));
    EXPECT_EQ(read->expiry, base::parse_iso8601("2020-01-02T04:04:05Z"));
    EXPECT_EQ(read->object_id, "o");
    EXPECT_EQ(read->tenant_id, "t");
    EXPECT_EQ(read->application_id, "a");
    EXPECT_EQ(read->signed_text, text.substr(0, text.rfind('.')));
    EXPECT_EQ(read->signature, "signature");
}

TEST(ParseJsonWebToken, ReadsSeveralAudiences) {
    auto const read = parse_json_web_token(token(R"({"aud":["a","b"]})"));

    ASSERT_TRUE(read);
    EXPECT_EQ(read->audiences, (std::vector<std::string>{"a", "b"}));
    EXPECT_FALSE(read->expiry);
}

TEST(ParseJsonWebToken, RefusesWhatIsNone) {
    auto const good = token("{}");
    ASSERT_TRUE(parse_json_web_token(good));
    for (auto const& text :
         {std::string{},
          std::string{"abc"},
          std::string{".."},
          good + ".x",
          good + "=",
          good.substr(0, good.rfind('.')),
          token("[]"),
          token("{"),
          token(R"({"exp":"tomorrow"})"),
          token(R"({"exp":-1})"),
          token(R"({"exp":1e300})"),
          token(R"({"aud":[1]})"),
          token(R"({"oid":7})"),
          token("{\"oid\":\"\xff\"}"),
          token("{}", R"({"typ":"JWT"})"),
          token("{}", "7")}) {
        EXPECT_FALSE(parse_json_web_token(text)) << text;
    }
}

TEST(ParseJsonWebToken, IsBounded) {
    EXPECT_FALSE(parse_json_web_token(token(R"({"oid":")" + std::string(kLongestToken, 'x') + R"("})")));
    std::string deep = R"({"a":)";
    constexpr int kDepth = 1000;
    for (int i = 0; i < kDepth; ++i)
        deep += '[';
    for (int i = 0; i < kDepth; ++i)
        deep += ']';
    EXPECT_FALSE(parse_json_web_token(token(deep + "}")));
}

}  // namespace
}  // namespace bluebatch::codec
