#include "client/api/connection_string.hpp"
#include "client/api/delegation_sas.hpp"
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

using DelegationKeyTest = tests::PipelineTest;

TEST_F(DelegationKeyTest, IsAskedForOnce) {
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

    auto const late = issuer->issue({"input", "a", "r", clock_.now() + std::chrono::days(7)});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().fault, Fault::credentials);

    ASSERT_EQ(client_.requests.size(), 1U);
    EXPECT_EQ(
        client_.requests[0].url, "https://mine.blob.core.windows.net/?restype=service&comp=userdelegationkey"
    );
}

}  // namespace
}  // namespace bluebatch::client
