#include "emulator/app/azure_hosts.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::app {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(AzureHosts, LeadToTheirService) {
    for (auto const* const host :
         {"devstoreaccount1.blob.core.windows.net",
          "devstoreaccount1.blob.core.windows.net:10003",
          "Account-Secondary.BLOB.core.windows.net",
          "a.blob.localhost:10000",
          "a.z6.web.core.windows.net"})
        EXPECT_EQ(service_of(host), HostedService::blob) << host;
    for (auto const* const host :
         {"a.eastus.batch.azure.com", "a.batch.azure.com:443", "a.batch.localhost:80"})
        EXPECT_EQ(service_of(host), HostedService::batch) << host;
    EXPECT_EQ(service_of("login.microsoftonline.com"), HostedService::identity);
    EXPECT_EQ(service_of("Management.azure.com:443"), HostedService::resources);
}

TEST(AzureHosts, AreNoOthers) {
    for (auto const* const host :
         {"",
          ":",
          "127.0.0.1:10000",
          "localhost",
          "[::1]:10000",
          "blob.core.windows.net",
          ".blob.core.windows.net",
          "a.b.blob.core.windows.net",
          "ablob.core.windows.net",
          "a.blob.core.windows.net.evil.example",
          "a.b.c.batch.azure.com",
          "x.login.microsoftonline.com",
          "-a.blob.localhost",
          "a..batch.azure.com"})
        EXPECT_EQ(service_of(host), std::nullopt) << host;
}

TEST(AzureHosts, AreCertified) {
    for (auto const* const host :
         {"localhost",
          "a.blob.localhost",
          "a.b.localhost",
          "a.blob.core.windows.net",
          "a-secondary.blob.core.windows.net",
          "a.westeurope.batch.azure.com",
          "login.microsoftonline.com",
          "management.azure.com"})
        EXPECT_TRUE(is_certified(host)) << host;
    for (auto const* const host :
         {"",
          "example.org",
          "core.windows.net",
          "a.z6.web.core.windows.net",
          "azure.com",
          "a..localhost",
          "evil.example.localhost.org",
          "*.localhost",
          "a,b.localhost",
          "10.0.0.1"})
        EXPECT_FALSE(is_certified(host)) << host;
    EXPECT_FALSE(is_certified(std::string(64, 'a') + ".localhost"));
}

TEST(AzureHosts, AreAllThatTheAuthorityMayCertify) {
    auto const permitted = permitted_hosts("127.0.0.1");
    EXPECT_THAT(
        permitted.domains,
        ElementsAre(
            "localhost",
            "blob.core.windows.net",
            "batch.azure.com",
            "login.microsoftonline.com",
            "management.azure.com"
        )
    );
    EXPECT_THAT(permitted.addresses, ElementsAre("127.0.0.1", "::1"));
}

TEST(LocalHosts, HoldTheAddressThatIsListenedAt) {
    EXPECT_THAT(local_hosts("192.168.1.5"), ElementsAre("localhost", "127.0.0.1", "::1", "192.168.1.5"));
    EXPECT_THAT(local_hosts("[FD00::5]"), Contains("fd00::5"));
    for (auto const* const host : {"0.0.0.0", "::", "localhost", "::1", "myhost.example"})
        EXPECT_THAT(local_hosts(host), ElementsAre("localhost", "127.0.0.1", "::1")) << host;
    EXPECT_THAT(permitted_hosts("192.168.1.5").addresses, Contains("192.168.1.5"));
}

}  // namespace
}  // namespace bluebatch::emulator::app
