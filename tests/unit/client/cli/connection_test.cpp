#include "client/cli/connection.hpp"

#include "tests/unit/client/scripted_client.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <sstream>

namespace bluebatch::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using tests::answer;

class NoTypist final : public LineReader {
public:
    std::optional<std::string> read_line(std::stop_token) override { return std::nullopt; }
};

class ConnectionTest : public ::testing::Test {
protected:
    // The client stays visible to the test after the connection has taken it.
    Connection connect(Accounts accounts, TellAccounts tell = TellAccounts::no) {
        auto client = std::make_unique<tests::ScriptedClient>();
        client_ = client.get();
        return {std::move(accounts), std::move(client), world_, tell};
    }

    static Accounts azure() {
        Accounts accounts;
        accounts.target = Target::azure;
        accounts.batch = {"mine", "https://mine.westeurope.batch.azure.com", ""};
        accounts.storage = {"store", "", "", "https://store.blob.core.windows.net"};
        return accounts;
    }

    tests::ManualClock clock_;
    base::SeededRandom random_{3};
    tests::InstantWaiter waiter_{clock_};
    std::ostringstream out_, err_;
    NoTypist typed_;
    Console console_{{out_, err_, typed_, Device::plain, Device::plain, false}, OutputForm::text};
    World world_{clock_, random_, waiter_, [](auto const&) { return std::nullopt; }, console_, {}};
    tests::ScriptedClient* client_ = nullptr;
};

TEST_F(ConnectionTest, WithoutKeysBothServicesGetTokensOfTheirOwn) {
    auto accounts = azure();
    accounts.identity.emplace();
    accounts.identity->application = {"https://login.test", "tenant", "client"};
    accounts.identity->client_secret = "secret";
    auto const connection = connect(accounts);
    client_->will(answer(200, R"({"expires_in":3600,"access_token":"for-batch"})"));
    client_->will(answer(202));
    client_->will(answer(200, R"({"expires_in":3600,"access_token":"for-storage"})"));
    client_->will(answer(202));

    EXPECT_TRUE(connection.batch({}).delete_job("j"));
    EXPECT_TRUE(connection.blob({}).delete_container("c"));

    EXPECT_THAT(std::get<std::string>(client_->requests[0].body), HasSubstr("batch.core.windows.net"));
    EXPECT_EQ(client_->requests[1].headers.get("Authorization"), "Bearer for-batch");
    EXPECT_THAT(std::get<std::string>(client_->requests[2].body), HasSubstr("storage.azure.com"));
    EXPECT_EQ(client_->requests[3].headers.get("Authorization"), "Bearer for-storage");
}

TEST_F(ConnectionTest, OtherCloudsHaveTokensOfTheirOwn) {
    auto accounts = azure();
    accounts.cloud = client::find_cloud("china");
    accounts.identity.emplace();
    accounts.identity->application = {"https://login.test", "tenant", "client"};
    accounts.identity->client_secret = "secret";
    auto const connection = connect(accounts);
    client_->will(answer(200, R"({"expires_in":3600,"access_token":"for-batch"})"));
    client_->will(answer(202));

    EXPECT_TRUE(connection.batch({}).delete_job("j"));

    EXPECT_THAT(
        std::get<std::string>(client_->requests[0].body),
        HasSubstr(http::percent_encode("https://batch.chinacloudapi.cn//.default"))
    );
}

TEST_F(ConnectionTest, SaysWhichWayToSignInWasTaken) {
    auto accounts = azure();
    accounts.identity.emplace();
    accounts.identity->managed.identity_endpoint = "http://127.0.0.1/msi/token";
    accounts.identity->managed.identity_header = "h";
    auto const connection = connect(accounts, TellAccounts::yes);
    client_->will(answer(200, R"({"expires_on":"1709550000","access_token":"secret"})"));
    client_->will(answer(202));

    EXPECT_TRUE(connection.batch({}).delete_job("j"));

    EXPECT_THAT(
        err_.str(), HasSubstr("Signing in to Microsoft Entra ID by managed identity (IDENTITY_ENDPOINT).")
    );
    EXPECT_EQ(err_.str().find("secret"), std::string::npos);
}

TEST_F(ConnectionTest, KeysSignEachServiceInItsOwnWay) {
    auto accounts = azure();
    accounts.batch.key_base64 = "a2V5";
    accounts.storage.key_base64 = "a2V5";
    auto connection = connect(accounts);
    client_->will(answer(202));
    client_->will(answer(202));

    EXPECT_TRUE(connection.batch({}).delete_job("j"));
    EXPECT_TRUE(connection.blob({}).delete_container("c"));
    auto const sas = connection.sas().issue({"c", "b", "r", clock_.now()});

    EXPECT_TRUE(client_->requests[0].headers.has("ocp-date"));
    EXPECT_THAT(
        std::string(client_->requests[0].headers.get("Authorization")), StartsWith("SharedKey mine:")
    );
    EXPECT_TRUE(client_->requests[1].headers.has("x-ms-date"));
    EXPECT_THAT(
        std::string(client_->requests[1].headers.get("Authorization")), StartsWith("SharedKey store:")
    );
    ASSERT_TRUE(sas);
    EXPECT_THAT(*sas, HasSubstr("spr=https&"));
}

TEST_F(ConnectionTest, ASignatureOfTheCallerGoesIntoEveryUrl) {
    auto accounts = azure();
    accounts.batch.key_base64 = "a2V5";
    accounts.storage.sas = "sv=1&sp=r&se=2024-03-05&sig=x";
    auto connection = connect(accounts);
    client_->will(answer(202));

    EXPECT_TRUE(connection.blob({}).delete_container("c"));

    EXPECT_EQ(
        client_->requests[0].url,
        "https://store.blob.core.windows.net/c?restype=container&sv=1&sp=r&se=2024-03-05&sig=x"
    );
    EXPECT_EQ(*connection.sas().issue({"c", "b", "r", clock_.now()}), "sv=1&sp=r&se=2024-03-05&sig=x");
    EXPECT_FALSE(connection.sas().issue({"c", "b", "w", clock_.now()}));
}

}  // namespace
}  // namespace bluebatch::cli
