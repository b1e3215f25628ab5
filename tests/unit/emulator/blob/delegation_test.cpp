#include "emulator/blob/token_validator.hpp"
#include "tests/unit/emulator/blob/blob_fixture.hpp"
#include "tests/unit/emulator/blob/tokens.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Verb;
using tests::TokenClaims;

// Everybody has the role that the test says.
class OneRole final : public azure::TokenValidator {
public:
    explicit OneRole(azure::Role const& role) : role_(role) {}
    base::Result<azure::Principal, azure::TokenRefusal> validate(
        std::string_view token, std::string_view account, base::TimePoint now
    ) const override {
        auto principal = make_basic_token_validator()->validate(token, account, now);
        if (principal) principal->role = role_;
        return principal;
    }
    azure::Role role_of(std::string_view) const override { return role_; }

private:
    azure::Role const& role_;
};

// A service that takes tokens, with a container "con" and a blob "b".
class Delegation : public testing::Test {
protected:
    static constexpr auto* kVersion = "2021-12-02";

    void SetUp() override {
        ASSERT_EQ(with_token({Verb::put, "/con?restype=container"}).status, 201);
        auto const put =
            with_token({Verb::put, "/con/b", http::Headers{{"x-ms-blob-type", "BlockBlob"}}, "hello"});
        ASSERT_EQ(put.status, 201);
    }

    struct Ask {
        Verb verb = Verb::get;
        std::string target;
        http::Headers headers{};
        std::string body{};
    };

    http::Response send(Ask const& ask, std::string const& token, std::string const& version) {
        http::OutgoingRequest request;
        request.verb = ask.verb;
        request.url = "http://127.0.0.1:10000/acc" + ask.target;
        request.headers = ask.headers;
        request.body = ask.body;
        if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
        if (!version.empty()) request.headers.set("x-ms-version", version);
        return http::ask(*service_, request);
    }
    http::Response with_token(Ask const& ask, TokenClaims const& claims = {}) {
        return send(ask, tests::make_token(claims, clock_.now()), kVersion);
    }
    http::Response anonymously(Ask const& ask) { return send(ask, {}, kVersion); }

    std::string key_info(base::Ticks start, base::Ticks expiry) {
        return "<KeyInfo><Start>" + base::to_iso8601(clock_.now() + start, 0) + "</Start><Expiry>" +
               base::to_iso8601(clock_.now() + expiry, 0) + "</Expiry></KeyInfo>";
    }
    http::Response ask_for_key(std::string const& document, TokenClaims const& claims = {}) {
        return with_token({Verb::post, "/?restype=service&comp=userdelegationkey", {}, document}, claims);
    }
    static azure::UserDelegationKey read_key(http::Response const& response) {
        auto const root = codec::parse_xml(response.text);
        EXPECT_TRUE(root && root->name == "UserDelegationKey") << response.text;
        auto const text = [&](char const* name) { return root->find(name)->text; };
        return {
            text("SignedOid"),
            text("SignedTid"),
            text("SignedStart"),
            text("SignedExpiry"),
            text("SignedService"),
            text("SignedVersion"),
            {},
            text("Value")};
    }
    azure::UserDelegationKey key_for(base::Ticks start, base::Ticks expiry) {
        return read_key(ask_for_key(key_info(start, expiry)));
    }
    std::string sas(azure::UserDelegationKey const& key, std::string const& permissions) {
        azure::UserDelegationSasOptions options;
        options.account = "acc";
        options.key = key;
        options.container = "con";
        options.permissions = permissions;
        options.expiry = clock_.now() + std::chrono::hours{2};
        options.delegated_object_id = delegated_object_id_;
        options.version = sas_version_;
        return azure::make_user_delegation_sas(options);
    }
    static std::string code_of(http::Response const& response) {
        return std::string{response.headers.get("x-ms-error-code")};
    }

    std::unique_ptr<BlobService> open() {
        auto const accounts = std::vector<BlobAccount>{{"acc", {"a2V5IG9uZQ=="}}};
        BlobServiceOptions options{std::make_shared<BlobAccounts>(accounts), folder_.path()};
        options.token_validator = std::make_shared<OneRole const>(role_);
        return std::make_unique<BlobService>(std::move(options), clock_, random_);
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    base::SeededRandom random_{1};
    azure::Role role_ = azure::Role::owner;
    std::string delegated_object_id_;
    std::string sas_version_{azure::kSasVersion};
    std::unique_ptr<BlobService> service_ = open();
};

constexpr std::chrono::minutes kHour{60};

TEST_F(Delegation, LetsTokensDoWhatTheAccountsKeyDoes) {
    EXPECT_EQ(with_token({Verb::get, "/con/b"}).status, 200);
    EXPECT_EQ(with_token({Verb::get, "/?comp=list"}).status, 200);
    EXPECT_EQ(with_token({Verb::put, "/con/b?comp=metadata"}).status, 200);
}

TEST_F(Delegation, HoldsTokensToTheRoleOfTheirPrincipal) {
    role_ = azure::Role::reader;
    EXPECT_EQ(with_token({Verb::get, "/con/b"}).status, 200);
    EXPECT_EQ(with_token({Verb::get, "/?comp=list"}).status, 200);
    EXPECT_EQ(ask_for_key(key_info({}, kHour)).status, 200);
    auto const refused = with_token({Verb::put, "/con/b?comp=metadata"});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(code_of(refused), "AuthorizationPermissionMismatch");
    role_ = azure::Role::contributor;
    EXPECT_EQ(with_token({Verb::put, "/con/b?comp=metadata"}).status, 200);
    role_ = azure::Role::none;
    EXPECT_EQ(code_of(with_token({Verb::get, "/con/b"})), "AuthorizationPermissionMismatch");
}

TEST_F(Delegation, GivesAwayNoMoreThanTheSignerMayDo) {
    auto const signature = sas(key_for({}, kHour), "rd");
    role_ = azure::Role::reader;
    EXPECT_EQ(anonymously({Verb::get, "/con/b?" + signature}).status, 200);
    EXPECT_EQ(code_of(anonymously({Verb::remove, "/con/b?" + signature})), "AuthorizationPermissionMismatch");
    role_ = azure::Role::owner;
    EXPECT_EQ(anonymously({Verb::remove, "/con/b?" + signature}).status, 202);
}

TEST_F(Delegation, LetsTokensOpenTheSourcesOfCopies) {
    auto const copy_with = [this](std::string const& token) {
        http::Headers const headers{
            {"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b"},
            {"x-ms-copy-source-authorization", "Bearer " + token},
            {"x-ms-requires-sync", "true"}};
        return with_token({Verb::put, "/con/copy", headers}).status;
    };
    TokenClaims elsewhere;
    elsewhere.audience = "https://management.azure.com";

    EXPECT_EQ(copy_with(tests::make_token({}, clock_.now())), 202);
    EXPECT_GE(copy_with(tests::make_token(elsewhere, clock_.now())), 400);
}

TEST_F(Delegation, KeepsAccessPoliciesFromTokens) {
    EXPECT_EQ(code_of(with_token({Verb::get, "/con?restype=container&comp=acl"})), "AuthorizationFailure");
}

TEST_F(Delegation, AsksWhoeverBringsABadTokenForAnother) {
    TokenClaims elsewhere;
    elsewhere.audience = "https://management.azure.com";

    auto const response = with_token({Verb::get, "/con/b"}, elsewhere);

    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(code_of(response), "InvalidAuthenticationInfo");
    EXPECT_NE(response.text.find("Audience validation failed"), std::string::npos);
    EXPECT_TRUE(response.headers.get("WWW-Authenticate").starts_with("Bearer authorization_uri="));
    EXPECT_EQ(code_of(send({Verb::get, "/con/b"}, "abc", "2019-07-07")), "AuthenticationFailed");
    EXPECT_EQ(code_of(send({Verb::get, "/con/b"}, "abc", {})), "AuthenticationFailed");
}

TEST_F(Delegation, DescribesTheKeyThatItGives) {
    auto const key = key_for({}, kHour);

    EXPECT_EQ(key.object_id, TokenClaims{}.object_id);
    EXPECT_EQ(key.tenant_id, TokenClaims{}.tenant_id);
    EXPECT_EQ(key.start, "2024-03-04T10:00:00Z");
    EXPECT_EQ(key.expiry, "2024-03-04T11:00:00Z");
    EXPECT_EQ(key.service, "b");
    EXPECT_EQ(key.version, kVersion);
    EXPECT_EQ(base::parse_base64(key.value_base64).value_or("").size(), 32U);
}

TEST_F(Delegation, GivesEveryoneAndEveryTimeAnotherKey) {
    TokenClaims somebody;
    somebody.object_id = "99999999-9999-9999-9999-999999999999";
    auto const key = key_for({}, kHour).value_base64;

    EXPECT_EQ(key_for({}, kHour).value_base64, key);
    EXPECT_NE(key_for({}, kHour + kHour).value_base64, key);
    EXPECT_NE(read_key(ask_for_key(key_info({}, kHour), somebody)).value_base64, key);
}

TEST_F(Delegation, GivesTheSameKeyAfterARestartAndAnotherElsewhere) {
    auto const key = key_for({}, kHour).value_base64;

    service_.reset();
    service_ = open();
    EXPECT_EQ(key_for({}, kHour).value_base64, key);

    service_.reset();
    std::filesystem::remove(folder_.path() / "secret");
    service_ = open();
    EXPECT_NE(key_for({}, kHour).value_base64, key);
}

TEST_F(Delegation, RefusesKeysThatNobodyMayHave) {
    TokenClaims nobody;
    nobody.object_id.clear();

    EXPECT_EQ(code_of(ask_for_key(key_info({}, 24 * 7 * kHour + kHour))), "InvalidXmlNodeValue");
    EXPECT_EQ(code_of(ask_for_key(key_info(kHour, {}))), "InvalidXmlNodeValue");
    EXPECT_EQ(code_of(ask_for_key(key_info(-2 * kHour, -kHour))), "InvalidXmlNodeValue");
    EXPECT_EQ(code_of(ask_for_key("<KeyInfo><Start>x</Start></KeyInfo>")), "MissingRequiredXmlNode");
    EXPECT_EQ(code_of(ask_for_key("<KeyInfo><Expiry>x</Expiry></KeyInfo>")), "InvalidXmlNodeValue");
    EXPECT_EQ(code_of(ask_for_key("<KeyInfo><Other/></KeyInfo>")), "InvalidXmlDocument");
    EXPECT_EQ(code_of(ask_for_key("")), "InvalidXmlDocument");
    EXPECT_EQ(code_of(ask_for_key(key_info({}, kHour), nobody)), "AuthenticationFailed");
}

TEST_F(Delegation, GivesKeysForUsersOfAnotherTenant) {
    std::string const document =
        "<KeyInfo><Expiry>2024-03-04T11:00:00Z</Expiry><DelegatedUserTid>there</DelegatedUserTid></KeyInfo>";
    Ask const ask{Verb::post, "/?restype=service&comp=userdelegationkey", {}, document};
    auto const token = tests::make_token({}, clock_.now());

    auto const response = send(ask, token, "2025-07-05");

    EXPECT_NE(response.text.find("<SignedStart>2024-03-04T10:00:00Z</SignedStart>"), std::string::npos);
    EXPECT_NE(response.text.find("<SignedDelegatedUserTid>there<"), std::string::npos);
    EXPECT_EQ(code_of(send(ask, token, "2025-05-05")), "InvalidXmlDocument");
    EXPECT_EQ(code_of(send(ask, token, "2018-03-28")), "InvalidHeaderValue");

    auto key = read_key(response);
    key.delegated_tenant_id = "there";
    sas_version_ = "2025-07-05";
    delegated_object_id_ = "55555555-5555-5555-5555-555555555555";
    TokenClaims user;
    user.object_id = delegated_object_id_;
    user.tenant_id = "there";
    EXPECT_EQ(with_token({Verb::get, "/con/b?" + sas(key, "r")}, user).status, 200);
    user.tenant_id = TokenClaims{}.tenant_id;
    EXPECT_EQ(code_of(with_token({Verb::get, "/con/b?" + sas(key, "r")}, user)), "AuthenticationFailed");
}

TEST_F(Delegation, GivesKeysForATokenOnly) {
    http::OutgoingRequest request;
    request.verb = Verb::post;
    request.url = "http://127.0.0.1:10000/acc/?restype=service&comp=userdelegationkey";
    request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", kVersion}};
    http::RequestHead head;
    ASSERT_TRUE(http::parse_target("/acc/?restype=service&comp=userdelegationkey", head));
    azure::sign_with_shared_key(
        request.verb, head.path, head.query, request.headers, 0, {"acc", "a2V5IG9uZQ=="}
    );

    auto const response = http::ask(*service_, request);

    EXPECT_EQ(code_of(response), "AuthenticationFailed");
    EXPECT_NE(response.text.find("Only authentication scheme Bearer"), std::string::npos);
    EXPECT_EQ(
        code_of(anonymously({Verb::post, "/?restype=service&comp=userdelegationkey"})),
        "NoAuthenticationInformation"
    );
}

TEST_F(Delegation, OpensWhatItsSignaturesName) {
    auto const key = key_for({}, kHour);

    EXPECT_EQ(anonymously({Verb::get, "/con/b?" + sas(key, "r")}).status, 200);
    EXPECT_EQ(
        code_of(anonymously({Verb::remove, "/con/b?" + sas(key, "r")})), "AuthorizationPermissionMismatch"
    );
    auto forged = key;
    forged.value_base64 = "d3Jvbmc=";
    EXPECT_EQ(code_of(anonymously({Verb::get, "/con/b?" + sas(forged, "r")})), "AuthenticationFailed");
    auto longer = key;
    longer.expiry = "2024-03-05T11:00:00Z";
    EXPECT_EQ(code_of(anonymously({Verb::get, "/con/b?" + sas(longer, "r")})), "AuthenticationFailed");
}

TEST_F(Delegation, HoldsSignaturesToTheTimeOfTheirKey) {
    auto const query = sas(key_for(kHour / 2, kHour), "r");
    auto const detail = [&] { return anonymously({Verb::get, "/con/b?" + query}).text; };

    EXPECT_NE(detail().find("not valid in the specified key time frame"), std::string::npos);
    clock_.advance(kHour / 2);
    EXPECT_EQ(anonymously({Verb::get, "/con/b?" + query}).status, 200);
    clock_.advance(kHour / 2);
    EXPECT_NE(detail().find("not valid in the specified key time frame"), std::string::npos);
}

TEST_F(Delegation, LetsOnlyTheUserOfASignatureUseIt) {
    delegated_object_id_ = "55555555-5555-5555-5555-555555555555";
    sas_version_ = "2025-07-05";
    auto const query = sas(key_for({}, kHour), "r");
    TokenClaims user;
    user.object_id = delegated_object_id_;
    auto in_another_tenant = user;
    in_another_tenant.tenant_id = "77777777-7777-7777-7777-777777777777";

    EXPECT_EQ(with_token({Verb::get, "/con/b?" + query}, user).status, 200);
    EXPECT_EQ(
        code_of(with_token({Verb::remove, "/con/b?" + query}, user)), "AuthorizationPermissionMismatch"
    );
    EXPECT_EQ(code_of(with_token({Verb::get, "/con/b?" + query})), "AuthenticationFailed");
    EXPECT_EQ(code_of(with_token({Verb::get, "/con/b?" + query}, in_another_tenant)), "AuthenticationFailed");
    EXPECT_EQ(code_of(anonymously({Verb::get, "/con/b?" + query})), "AuthenticationFailed");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
