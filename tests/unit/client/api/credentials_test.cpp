#include "client/api/connection_string.hpp"
#include "client/api/delegation_sas.hpp"
#include "client/api/entra_token.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "tests/unit/client/scripted_client.hpp"

#include <gmock/gmock.h>

namespace bluebatch::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::answer;

TEST(ConnectionString, NamesAnAccountOfAzure) {
    auto const account = parse_connection_string(
        "DefaultEndpointsProtocol=https;AccountName=mine;AccountKey=a2V5PT0=;EndpointSuffix=core.windows.net"
    );
    ASSERT_TRUE(account);
    EXPECT_EQ(account->name, "mine");
    EXPECT_EQ(account->key_base64, "a2V5PT0=");
    EXPECT_EQ(account->blob_endpoint, "https://mine.blob.core.windows.net");
}

TEST(ConnectionString, ExpandsDevelopmentStorage) {
    auto const account = parse_connection_string("UseDevelopmentStorage=true");
    ASSERT_TRUE(account);
    EXPECT_EQ(account->name, "devstoreaccount1");
    EXPECT_EQ(account->blob_endpoint, "http://127.0.0.1:10000/devstoreaccount1");
    auto const proxied =
        parse_connection_string("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://emulator/");
    EXPECT_EQ(proxied->blob_endpoint, "http://emulator:10000/devstoreaccount1");
}

TEST(ConnectionString, TakesAnEndpointOfItsOwn) {
    auto const account =
        parse_connection_string("AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:4000/a/;");
    ASSERT_TRUE(account);
    EXPECT_EQ(account->blob_endpoint, "http://127.0.0.1:4000/a");
}

TEST(ConnectionString, TakesASignatureInsteadOfAKey) {
    auto const account = parse_connection_string(
        "BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=?sv=1&sig=x%3D"
    );
    ASSERT_TRUE(account);
    EXPECT_EQ(account->sas, "sv=1&sig=x%3D");
}

TEST(ConnectionString, FailuresNameTheSettingAndNeverTheKey) {
    auto const cut = parse_connection_string("AccountName=a;AccountKey=secretnotbase64!");
    ASSERT_FALSE(cut);
    EXPECT_THAT(cut.error().message, HasSubstr("AccountKey"));
    EXPECT_THAT(cut.error().message, Not(HasSubstr("secret")));
    EXPECT_FALSE(parse_connection_string("AccountKey=a2V5"));
    EXPECT_FALSE(parse_connection_string("AccountName=a"));
    EXPECT_FALSE(parse_connection_string("nonsense"));
}

class EntraTest : public tests::PipelineTest {
protected:
    EntraTokenSource make_source() {
        return {{"https://login.test", "tenant", "client", "s&cret"}, client_, random_, waiter_};
    }
};

TEST_F(EntraTest, GetsATokenByClientCredentials) {
    client_.will(answer(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"abc"})"));
    auto source = make_source();

    auto const token = source.get(kBatchScope, clock_.now(), {});

    ASSERT_TRUE(token);
    EXPECT_EQ(*token, "abc");
    EXPECT_EQ(client_.requests[0].url, "https://login.test/tenant/oauth2/v2.0/token");
    EXPECT_EQ(
        std::get<std::string>(client_.requests[0].body),
        "grant_type=client_credentials&client_id=client&client_secret=s%26cret"
        "&scope=https%3A%2F%2Fbatch.core.windows.net%2F%2F.default"
    );
}

TEST_F(EntraTest, KeepsATokenUntilShortlyBeforeItExpires) {
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"first"})"));
    client_.will(answer(200, R"({"expires_in":3600,"access_token":"second"})"));
    auto source = make_source();
    EXPECT_EQ(*source.get(kBatchScope, clock_.now(), {}), "first");
    clock_.advance(std::chrono::minutes(54));
    EXPECT_EQ(*source.get(kBatchScope, clock_.now(), {}), "first");
    clock_.advance(std::chrono::minutes(2));
    EXPECT_EQ(*source.get(kBatchScope, clock_.now(), {}), "second");
}

TEST_F(EntraTest, ARefusalIsAboutCredentials) {
    client_.will(answer(
        401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret."})"
    ));
    auto source = make_source();

    auto const token = source.get(kBatchScope, clock_.now(), {});

    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().fault, Fault::credentials);
    EXPECT_THAT(token.error().message, HasSubstr("AADSTS7000215"));
    EXPECT_THAT(token.error().message, Not(HasSubstr("s&cret")));
}

TEST_F(EntraTest, ATokenIsNotSentInTheClear) {
    auto source = make_source();
    auto const bearer = make_bearer_authorizer(source, std::string(kBatchScope));
    http::OutgoingRequest request;
    request.url = "http://batch.example.test/pools";
    auto const outcome = bearer->authorize(request, clock_.now(), {});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().fault, Fault::credentials);
    EXPECT_TRUE(client_.requests.empty());
}

TEST(DelegationSas, IsSignedWithTheDelegationKey) {
    UserDelegationKey const key{
        "oid", "tid", "2024-03-04T10:00:00Z", "2024-03-10T10:00:00Z", "b", "2021-12-02", "a2V5"};
    SasRequest const request{"input", "a b.mp4", "r", *base::parse_iso8601("2024-03-05T10:00:00Z")};

    auto const text = delegation_sas_string_to_sign(request, "mine", key);
    auto const sas = make_delegation_sas(request, "mine", key);

    EXPECT_EQ(
        text,
        "r\n\n2024-03-05T10:00:00Z\n/blob/mine/input/a "
        "b.mp4\noid\ntid\n2024-03-04T10:00:00Z\n2024-03-10T10:00:00Z\nb\n"
        "2021-12-02\n\n\n\n\nhttps\n2021-12-02\nb\n\n\n\n\n\n\n"
    );
    auto const signature = azure::sign_storage_text("a2V5", text);
    EXPECT_THAT(sas, HasSubstr("sig=" + http::percent_encode(*signature)));
    EXPECT_THAT(sas, HasSubstr("skoid=oid&sktid=tid"));
    EXPECT_THAT(sas, HasSubstr("sr=b&sp=r"));
}

TEST_F(EntraTest, ADelegationKeyIsAskedForOnce) {
    client_.will(answer(
        200, R"(<?xml version="1.0"?><UserDelegationKey><SignedOid>oid</SignedOid><SignedTid>tid</SignedTid>
        <SignedStart>s</SignedStart><SignedExpiry>e</SignedExpiry><SignedService>b</SignedService>
        <SignedVersion>2021-12-02</SignedVersion><Value>a2V5</Value></UserDelegationKey>)"
    ));
    auto const issuer = make_delegation_sas_issuer(
        "mine", BlobClient(pipeline_, "https://mine.blob.core.windows.net"), clock_
    );
    auto const expiry = clock_.now() + std::chrono::hours(2);

    EXPECT_TRUE(issuer->issue({"input", "a", "r", expiry}));
    EXPECT_TRUE(issuer->issue({"output", "", "w", expiry}));

    ASSERT_EQ(client_.requests.size(), 1U);
    EXPECT_EQ(
        client_.requests[0].url, "https://mine.blob.core.windows.net/?restype=service&comp=userdelegationkey"
    );
}

}  // namespace
}  // namespace bluebatch::client
