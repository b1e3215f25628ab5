#include "identity_fixture.hpp"
#include "shared/codec/json_web_token.hpp"

namespace bluebatch::emulator::identity {
namespace {

using azure::Role;

class IssuedTokens : public IdentityTest {
protected:
    std::shared_ptr<azure::TokenValidator const> validator() {
        auto const is_audience = [](std::string_view account, std::string_view audience) {
            return account == "acc" && audience == "https://storage.azure.com";
        };
        return make_issued_token_validator(issuer_, *directory_, {is_audience, &Access::blob, nullptr});
    }
    std::string token(std::string const& resource = "https://storage.azure.com") {
        Subject const subject{
            SubjectKind::application, std::string{kTenant}, kApplication, object_id_of(kApplication)};
        return issuer_.access_token(subject, resource, {}).text;
    }
    std::string refusal(std::string const& text, std::string const& account = "acc") {
        auto const answer = validator()->validate(text, account, clock_.now());
        return answer ? "" : answer.error().detail;
    }
};

TEST_F(IssuedTokens, OpenTheAccountsTheyAreFor) {
    auto const principal = validator()->validate(token(), "acc", clock_.now());
    ASSERT_TRUE(principal);
    EXPECT_EQ(principal->object_id, object_id_of(kApplication));
    EXPECT_EQ(principal->tenant_id, kTenant);
    EXPECT_EQ(principal->role, Role::owner);
    EXPECT_EQ(refusal(token(), "other"), "Audience validation failed. Audience did not match.");
    EXPECT_EQ(
        refusal(token("https://batch.core.windows.net")),
        "Audience validation failed. Audience did not match."
    );
}

TEST_F(IssuedTokens, HoldForTheirTime) {
    auto const text = token();
    clock_.advance(std::chrono::seconds{3598});
    EXPECT_EQ(refusal(text), "");
    clock_.advance(std::chrono::seconds{1});
    EXPECT_EQ(refusal(text), "Lifetime validation failed. The token is expired.");
    clock_.advance(-std::chrono::hours{2});
    EXPECT_EQ(refusal(text), "Lifetime validation failed. The token is not yet valid.");
}

TEST_F(IssuedTokens, AreNotToBeForged) {
    auto const text = token();
    auto const claims_begin = text.find('.') + 1;
    auto const claims_end = text.rfind('.');
    auto claims =
        *codec::parse_base64url(std::string_view{text}.substr(claims_begin, claims_end - claims_begin));
    claims.replace(claims.find(kApplication), 1, "4");
    auto const forged = text.substr(0, claims_begin) + codec::to_base64url(claims) + text.substr(claims_end);
    std::string const foreign = "Signature validation failed. The token was not given by this emulator.";
    EXPECT_EQ(refusal(forged), foreign);
    EXPECT_EQ(
        refusal(codec::sign_json_web_token(claims, issuer_.key().id, base::RsaKey::generate())), foreign
    );
    auto const unsigned_token = codec::to_base64url(R"({"alg":"none"})") +
                                text.substr(claims_begin - 1, claims_end - claims_begin + 2);
    EXPECT_EQ(refusal(unsigned_token), foreign);
    EXPECT_EQ(refusal("what"), "The token is not a JSON web token.");
    // What we signed for another purpose is no access token.
    EXPECT_EQ(
        refusal(issuer_.seal({"refresh_token", kApplication, std::string{kTenant}, "", std::chrono::hours{1}})
        ),
        "Issuer validation failed. Issuer did not match."
    );
}

TEST_F(IssuedTokens, CarryTheRoleThatIsConfigured) {
    configure({std::string{kApplication} + "=batch-owner,blob-reader"});
    EXPECT_EQ(validator()->validate(token(), "acc", clock_.now())->role, Role::reader);
    configure({"managed-identity=owner"});
    EXPECT_EQ(validator()->validate(token(), "acc", clock_.now())->role, Role::none);
}

TEST(Principals, AreReadWithSecretAndRoles) {
    auto const full = parse_client("33333333-3333-3333-3333-333333333333:a:b=c=contributor,blob-reader");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->secret, "a:b=c");
    EXPECT_EQ(full->access.batch, Role::contributor);
    EXPECT_EQ(full->access.blob, Role::reader);
    auto const bare = parse_client(kApplication);
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->secret, "");
    EXPECT_EQ(bare->access.batch, Role::owner);
    auto const one = parse_client(std::string{kApplication} + "=batch-reader");
    EXPECT_EQ(one->access.blob, Role::none);
    EXPECT_EQ(parse_client("user")->id, kUser);
    for (auto const* const text : {"", "someone", "33333333-3333-3333-3333-333333333333=king", ":secret"})
        EXPECT_FALSE(parse_client(text)) << text;
}

}  // namespace
}  // namespace bluebatch::emulator::identity
