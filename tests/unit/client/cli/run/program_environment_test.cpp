#include "client/cli/run/program_environment.hpp"

#include <gtest/gtest.h>

namespace bluebatch::cli {
namespace {

ProgramSettings some_settings() {
    return {
        .proxy_url = "http://run:p@127.0.0.1:1234",
        .ca_file = "/t/ca.pem",
        .ca_bundle = "/t/bundle.pem",
        .node_proxy = R"(/t\o "x/node-proxy.cjs)",
        .emulator_url = "http://127.0.0.1:10003",
        .batch = {"devbatch", "YmF0Y2g="},
        .storage = {"devstore", "c3RvcmU="}};
}

TEST(ProgramEnvironment, LeadsToTheEmulator) {
    auto const variables = make_program_environment(
        {{"PATH", "/bin"},
         {"https_proxy", "http://other"},
         {"AZURE_STORAGE_KEY", "real"},
         {"ALL_PROXY", "x"}},
        some_settings()
    );
    EXPECT_EQ(variables.at("PATH"), "/bin");
    for (auto const* const name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"})
        EXPECT_EQ(variables.at(name), "http://run:p@127.0.0.1:1234") << name;
    EXPECT_FALSE(variables.contains("ALL_PROXY"));
    EXPECT_EQ(variables.at("NO_PROXY"), "localhost,127.0.0.1,::1");
    for (auto const* const name : {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"})
        EXPECT_EQ(variables.at(name), "/t/bundle.pem") << name;
    EXPECT_EQ(variables.at("NODE_EXTRA_CA_CERTS"), "/t/ca.pem");
    EXPECT_EQ(variables.at("AZURE_BATCH_ACCOUNT_URL"), "https://devbatch.eastus.batch.azure.com");
    EXPECT_EQ(variables.at("AZURE_BATCH_ACCESS_KEY"), "YmF0Y2g=");
    EXPECT_EQ(variables.at("AZURE_STORAGE_KEY"), "c3RvcmU=");
    EXPECT_EQ(
        variables.at("AZURE_STORAGE_CONNECTION_STRING"),
        "DefaultEndpointsProtocol=https;AccountName=devstore;AccountKey=c3RvcmU=;EndpointSuffix=core.windows."
        "net"
    );
    EXPECT_EQ(variables.at("IDENTITY_ENDPOINT"), "http://127.0.0.1:10003/msi/token");
    EXPECT_EQ(variables.at("AZURE_POD_IDENTITY_AUTHORITY_HOST"), "http://127.0.0.1:10003");
}

TEST(ProgramEnvironment, TeachesNodeWithoutForgettingWhatItWasTold) {
    auto const added = make_program_environment({{"NODE_OPTIONS", "--no-warnings"}}, some_settings());
    EXPECT_EQ(added.at("NODE_OPTIONS"), R"(--no-warnings --require="/t\\o \"x/node-proxy.cjs")");
    auto const alone = make_program_environment({}, some_settings());
    EXPECT_EQ(alone.at("NODE_OPTIONS"), R"(--require="/t\\o \"x/node-proxy.cjs")");
    EXPECT_EQ(alone.at("NODE_USE_ENV_PROXY"), "1");
}

TEST(ProgramEnvironment, LeavesWhoTheProgramIs) {
    auto const own = make_program_environment(
        {{"AZURE_TENANT_ID", "t"},
         {"AZURE_CLIENT_ID", "c"},
         {"AZURE_SUBSCRIPTION_ID", "s"},
         {"MSI_ENDPOINT", "http://elsewhere"}},
        some_settings()
    );
    EXPECT_EQ(own.at("AZURE_TENANT_ID"), "t");
    EXPECT_EQ(own.at("AZURE_CLIENT_ID"), "c");
    // There is only one that the resource manager knows.
    EXPECT_EQ(own.at("AZURE_SUBSCRIPTION_ID"), "b1ebac00-0000-4000-8000-00000000005b");
    EXPECT_FALSE(own.contains("AZURE_CLIENT_SECRET"));
    EXPECT_FALSE(own.contains("MSI_ENDPOINT"));
    EXPECT_FALSE(own.contains("AZURE_CONFIG_DIR"));
    auto const given = make_program_environment({{"HOME", "/home/me"}}, some_settings());
    EXPECT_EQ(given.at("AZURE_CONFIG_DIR"), "/home/me/.bluebatch/azure");
    EXPECT_EQ(given.at("AZURE_CLIENT_SECRET"), "development");
}

TEST(ProgramEnvironment, IsWrittenLineByLine) {
    EXPECT_EQ(to_lines({{"A", "1"}, {"B", "x=y"}}), (std::vector<std::string>{"A=1", "B=x=y"}));
}

}  // namespace
}  // namespace bluebatch::cli
