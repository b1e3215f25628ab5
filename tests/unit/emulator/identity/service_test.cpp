#include "identity_fixture.hpp"
#include "shared/base/digest.hpp"
#include "shared/codec/json_web_token.hpp"

#include <sys/stat.h>

namespace bluebatch::emulator::identity {
namespace {

constexpr char const* kTokenEndpoint = "/common/oauth2/v2.0/token";

TEST_F(IdentityTest, AnApplicationGetsATokenForAService) {
    auto const answer = post(
        "/22222222-2222-2222-2222-222222222222/oauth2/v2.0/token",
        client_credentials("any", "https://storage.azure.com/.default")
    );
    EXPECT_EQ(answer["token_type"], "Bearer");
    EXPECT_EQ(answer["expires_in"], 3599);
    auto const token = codec::parse_json_web_token(answer["access_token"].get<std::string>());
    ASSERT_TRUE(token);
    EXPECT_EQ(token->algorithm, "RS256");
    EXPECT_EQ(token->audiences, std::vector<std::string>{"https://storage.azure.com"});
    EXPECT_EQ(token->issuer, "https://sts.windows.net/22222222-2222-2222-2222-222222222222/");
    EXPECT_EQ(token->tenant_id, "22222222-2222-2222-2222-222222222222");
    EXPECT_EQ(token->application_id, kApplication);
    EXPECT_EQ(token->object_id, object_id_of(kApplication));
    EXPECT_EQ(*token->expiry, clock_.now() + std::chrono::seconds{3599});
    EXPECT_TRUE(issuer_.key().key.has_signed(token->signed_text, token->signature));
}

TEST_F(IdentityTest, TheOlderEndpointNamesAResourceAndTellsTimesAsText) {
    auto const answer = post(
        "/contoso.onmicrosoft.com/oauth2/token",
        std::string(
            "grant_type=client_credentials&client_secret=x&resource=https%3A%2F%2Fbatch.core.windows.net%2F"
            "&client_id="
        ) + kApplication
    );
    EXPECT_EQ(answer["resource"], "https://batch.core.windows.net/");
    EXPECT_EQ(answer["expires_in"], "3599");
    auto const token = codec::parse_json_web_token(answer["access_token"].get<std::string>());
    EXPECT_EQ(token->audiences, std::vector<std::string>{"https://batch.core.windows.net/"});
    EXPECT_EQ(token->tenant_id, kTenant);
}

TEST_F(IdentityTest, SecretsMayComeInAHeader) {
    http::Headers headers;
    headers.set("Authorization", "Basic " + base::to_base64(std::string{kApplication} + ":top%20secret"));
    configure({std::string{kApplication} + ":top secret"});
    auto const response = send(
        http::Verb::post,
        kTokenEndpoint,
        "grant_type=client_credentials&scope=https%3A%2F%2Fstorage.azure.com%2F.default",
        headers
    );
    EXPECT_EQ(response.status, 200) << response.text;
}

TEST_F(IdentityTest, SaysWhyThereIsNoToken) {
    configure({std::string{kApplication} + ":right"});
    struct Case {
        std::string form;
        int status;
        char const* error;
        int code;
    };
    auto const scope = std::string("https://storage.azure.com/.default");
    for (auto const& [form, status, error, code] : std::vector<Case>{
             {"", 400, "invalid_request", 900144},
             {"grant_type=client_credentials", 400, "invalid_request", 900144},
             {"grant_type=password&client_id=x", 400, "unsupported_grant_type", 70003},
             {"grant_type=client_credentials&client_id=44444444-4444-4444-4444-444444444444",
              400,
              "unauthorized_client",
              700016},
             {std::string("grant_type=client_credentials&client_id=") + kApplication,
              401,
              "invalid_client",
              7000216},
             {client_credentials("wrong", scope), 401, "invalid_client", 7000215},
             {client_credentials("right", "https://storage.azure.com/user_impersonation"),
              400,
              "invalid_scope",
              1002012},
             {client_credentials("right", "https://nothing.example/.default"),
              400,
              "invalid_resource",
              500011},
             {"grant_type=refresh_token&client_id=x&refresh_token=old", 400, "invalid_grant", 700082},
             {"grant_type=device_code&client_id=x&device_code=old", 400, "invalid_grant", 70000},
         }) {
        auto const answer = post(kTokenEndpoint, form, status);
        EXPECT_EQ(answer["error"], error) << form;
        EXPECT_EQ(answer["error_codes"], Json::array({code})) << form;
        EXPECT_TRUE(
            answer["error_description"].get<std::string>().starts_with("AADSTS" + std::to_string(code))
        ) << form;
        EXPECT_EQ(answer["error_description"].get<std::string>().find("right"), std::string::npos) << form;
    }
    EXPECT_EQ(post("/nowhere/oauth2/v2.0/token", "", 400)["error_codes"], Json::array({90002}));
}

TEST_F(IdentityTest, TokensOfOthersStandForASecretWhileTheyHold) {
    auto const ask = [&](std::string const& assertion, int status) {
        return post(
            kTokenEndpoint,
            std::string(
                "grant_type=client_credentials&scope=https%3A%2F%2Fstorage.azure.com%2F.default&client_id="
            ) + kApplication +
                "&client_assertion=" + assertion,
            status
        );
    };
    auto const time =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
    auto const until = [&](std::int64_t expiry) {
        return codec::sign_json_web_token(Json{{"exp", expiry}}.dump(), "key", base::RsaKey::generate());
    };
    EXPECT_TRUE(ask(until(time + 60), 200).contains("access_token"));
    EXPECT_EQ(ask(until(time), 401)["error_codes"], Json::array({700024}));
    EXPECT_EQ(ask("e30.e30.x", 401)["error_codes"], Json::array({50027}));
    auto const endless = codec::sign_json_web_token("{}", "key", base::RsaKey::generate());
    EXPECT_EQ(ask(endless, 401)["error_codes"], Json::array({50027}));
}

TEST_F(IdentityTest, WhoeverBeginsToSignInHasSignedIn) {
    auto const scope =
        http::percent_encode("https://management.core.windows.net//.default offline_access openid profile");
    auto const begun = post(
        "/organizations/oauth2/v2.0/devicecode", std::string("client_id=") + kApplication + "&scope=" + scope
    );
    auto const redeem = [&](std::string const& client, int status) {
        return post(
            kTokenEndpoint,
            "grant_type=device_code&client_id=" + client +
                "&device_code=" + begun["device_code"].get<std::string>(),
            status
        );
    };
    redeem("44444444-4444-4444-4444-444444444444", 400);
    auto const tokens = redeem(kApplication, 200);
    EXPECT_TRUE(tokens.contains("id_token"));
    auto const access = codec::parse_json_web_token(tokens["access_token"].get<std::string>());
    EXPECT_EQ(access->audiences, std::vector<std::string>{"https://management.core.windows.net/"});
    EXPECT_EQ(access->object_id, object_id_of(kUser));

    auto const again = post(
        kTokenEndpoint,
        std::string("grant_type=refresh_token&client_id=") + kApplication +
            "&scope=" + http::percent_encode("https://storage.azure.com/.default") +
            "&refresh_token=" + tokens["refresh_token"].get<std::string>()
    );
    EXPECT_EQ(
        codec::parse_json_web_token(again["access_token"].get<std::string>())->audiences,
        std::vector<std::string>{"https://storage.azure.com"}
    );
    EXPECT_FALSE(again.contains("refresh_token"));
    clock_.advance(std::chrono::minutes{16});
    redeem(kApplication, 400);
}

TEST_F(IdentityTest, AManagedIdentityAnswersThreeKindsOfClients) {
    auto const ask = [&](std::string const& target, std::string const& header) {
        http::Headers headers;
        if (!header.empty()) headers.set(header, header == "Metadata" ? "true" : "bluebatch");
        return send(http::Verb::get, target, {}, headers);
    };
    std::string const query = "&resource=https%3A%2F%2Fstorage.azure.com";
    auto const machine = ask("/metadata/identity/oauth2/token?api-version=2018-02-01" + query, "Metadata");
    EXPECT_EQ(machine.status, 200);
    EXPECT_EQ(ask("/metadata/identity/oauth2/token/?api-version=2018-02-01" + query, "Metadata").status, 200);
    EXPECT_EQ(Json::parse(machine.text)["expires_in"], "86399");
    auto const service = ask("/msi/token?api-version=2019-08-01" + query, "X-IDENTITY-HEADER");
    EXPECT_EQ(Json::parse(service.text)["client_id"], kManagedIdentity);
    http::Headers wrong;
    wrong.set("X-IDENTITY-HEADER", "another");
    EXPECT_EQ(send(http::Verb::get, "/msi/token?api-version=2019-08-01" + query, {}, wrong).status, 401);
    auto const older = ask("/msi/token?api-version=2017-09-01" + query, "Secret");
    EXPECT_EQ(Json::parse(older.text)["expires_on"], "03/05/2024 09:59:59 +00:00");
    EXPECT_EQ(ask("/metadata/identity/oauth2/token?api-version=2018-02-01" + query, "").status, 400);
    EXPECT_EQ(ask("/metadata/identity/oauth2/token?api-version=2018-02-01", "Metadata").status, 400);
}

TEST_F(IdentityTest, AMachineIsNoProgramWithASecret) {
    configure({std::string{kApplication} + ":secret=owner", "managed-identity=reader"});
    http::Headers headers;
    headers.set("Metadata", "true");
    auto const ask = [&](std::string const& client) {
        std::string const target =
            "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com";
        return send(http::Verb::get, target + client, {}, headers).status;
    };
    EXPECT_EQ(ask(""), 200);
    EXPECT_EQ(ask(std::string("&client_id=") + kApplication), 400);
    EXPECT_EQ(ask("&client_id=44444444-4444-4444-4444-444444444444"), 400);
}

TEST_F(IdentityTest, ClientsFindTheirWay) {
    auto const instance =
        get("/common/discovery/"
            "instance?api-version=1.1&authorization_endpoint=https%3A%2F%2Flogin.microsoftonline.com%"
            "2Fcontoso.com%2Foauth2"
            "%2Fv2.0%2Fauthorize");
    EXPECT_EQ(
        instance["tenant_discovery_endpoint"],
        "https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration"
    );
    auto const described = get("/contoso.com/v2.0/.well-known/openid-configuration");
    EXPECT_EQ(
        described["token_endpoint"],
        "https://login.microsoftonline.com/" + std::string{kTenant} + "/oauth2/v2.0/token"
    );
    EXPECT_EQ(
        get("/common/v2.0/.well-known/openid-configuration")["issuer"],
        "https://login.microsoftonline.com/{tenantid}/v2.0"
    );
    EXPECT_EQ(described["issuer"], "https://login.microsoftonline.com/" + std::string{kTenant} + "/v2.0");
    auto const keys = get("/common/discovery/v2.0/keys")["keys"];
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys[0]["e"], "AQAB");
    EXPECT_EQ(keys[0]["kid"], issuer_.key().id);
    EXPECT_EQ(get("/nowhere/v2.0/.well-known/openid-configuration", 400)["error"], "invalid_tenant");
    EXPECT_EQ(send(http::Verb::get, "/elsewhere").status, 404);
}

TEST_F(IdentityTest, PagesGetNoTokens) {
    http::Headers headers;
    headers.set("Origin", "https://example.com");
    headers.set("Metadata", "true");
    auto const response = send(
        http::Verb::get,
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com",
        {},
        headers
    );
    EXPECT_EQ(response.status, 404);
}

TEST_F(IdentityTest, NamesThatMayBeAnybodysGetNothing) {
    auto const status_at = [&](std::string const& host) {
        return send(http::Verb::get, "/common/discovery/keys", {}, {}, host).status;
    };
    for (auto const* const host : {"evil.example:10003", "evil.example"})
        EXPECT_EQ(status_at(host), 404) << host;
    for (auto const* const host :
         {"localhost:10003",
          "127.0.0.1:10003",
          "[::1]:10003",
          "169.254.169.254",
          "192.168.1.5:10003",
          "emulator:10003",
          "login.microsoftonline.com:443"})
        EXPECT_EQ(status_at(host), 200) << host;
}

TEST_F(IdentityTest, TheKeyIsItsOwnersAndStays) {
    auto const id = issuer_.key().id;
    struct stat information {};
    ASSERT_EQ(::stat((folder() / "signing.pem").c_str(), &information), 0);
    EXPECT_EQ(information.st_mode & 0777U, 0600U);
    EXPECT_EQ((Issuer{folder(), clock_, random_}.key().id), id);
}

}  // namespace
}  // namespace bluebatch::emulator::identity
