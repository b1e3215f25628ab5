#include "client/cli/run/traffic.hpp"

#include "client/cli/run/azure_hosts.hpp"

#include <gtest/gtest.h>

namespace bluebatch::cli {
namespace {

TEST(AzureHosts, AreToldApart) {
    for (auto const* const host :
         {"acc.blob.core.windows.net",
          "ACC.Blob.Core.Windows.NET",
          "acc-secondary.blob.core.windows.net",
          "acc.westeurope.batch.azure.com",
          "login.microsoftonline.com",
          "management.azure.com",
          "acc.blob.core.windows.net.",
          "169.254.169.254"})
        EXPECT_EQ(kind_of_host(host), HostKind::emulated) << host;
    for (auto const* const host :
         {"acc.queue.core.windows.net",
          "v.vault.azure.net",
          "graph.microsoft.com",
          "login.microsoftonline.us",
          "acc.blob.core.usgovcloudapi.net"})
        EXPECT_EQ(kind_of_host(host), HostKind::unemulated) << host;
    for (auto const* const host : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "acc.blob.localhost"})
        EXPECT_EQ(kind_of_host(host), HostKind::loopback) << host;
    for (auto const* const host :
         {"example.com",
          "127.example.com",
          "127.0.0.1.example.com",
          "blob.core.windows.net.example.com",
          "xmanagement.azure.com"})
        EXPECT_EQ(kind_of_host(host), HostKind::foreign) << host;
}

class RunTraffic : public testing::Test {
protected:
    static std::string way(Traffic& traffic, std::string const& host) {
        auto const decision = traffic.decide({host, 443});
        if (auto const* const route = std::get_if<http::ProxyRoute>(&decision))
            return route->target.host + ":" + std::to_string(route->target.port);
        return std::get<http::ProxyRefusal>(decision).reason;
    }
};

TEST_F(RunTraffic, OnlyTheEmulatorHearsThatItIsAGuest) {
    Traffic traffic(
        {"127.0.0.1", 10003}, [] { return std::string("word"); }, Foreigners::passed
    );
    auto const preface = [&](std::string const& host) {
        return std::get<http::ProxyRoute>(traffic.decide({host, 443})).preface;
    };
    EXPECT_EQ(preface("acc.blob.core.windows.net"), "word");
    EXPECT_EQ(preface("example.com"), "");
    EXPECT_EQ(preface("localhost"), "");
}

TEST_F(RunTraffic, AsksForTheWordBeforeEachConnection) {
    std::string word = "first";
    Traffic traffic(
        {"127.0.0.1", 10003}, [&] { return word; }, Foreigners::passed
    );
    auto const decide = [&] { return traffic.decide({"acc.blob.core.windows.net", 443}); };
    EXPECT_EQ(std::get<http::ProxyRoute>(decide()).preface, "first");
    word = "second";
    EXPECT_EQ(std::get<http::ProxyRoute>(decide()).preface, "second");
    word = "";
    EXPECT_TRUE(std::holds_alternative<http::ProxyRefusal>(decide()))
        << "the port has come to be another's, who gets neither the word nor the program's requests";
    EXPECT_EQ(
        traffic.summary(),
        (std::vector<std::string>{
            "acc.blob.core.windows.net: 2 connections, answered by the emulator",
            "acc.blob.core.windows.net: 1 connection, refused: the emulator has ended"})
    );
}

TEST_F(RunTraffic, TellsTheWordOnThisMachineOnly) {
    auto const emulator_of = [](std::string const& host, GuestPreface preface) {
        Traffic traffic({host, 10003}, std::move(preface), Foreigners::passed);
        return way(traffic, "management.azure.com");
    };
    auto const word = [] { return std::string("word"); };
    EXPECT_EQ(emulator_of("localhost", word), "127.0.0.1:10003");
    EXPECT_EQ(emulator_of("Batch.LocalHost", word), "127.0.0.1:10003");
    EXPECT_EQ(emulator_of("::1", word), "::1:10003");
    EXPECT_EQ(emulator_of("batch.localhost", {}), "batch.localhost:10003");
}

TEST_F(RunTraffic, EndsAtTheEmulatorOrGoesOn) {
    Traffic traffic({"127.0.0.1", 10003}, {}, Foreigners::passed);
    EXPECT_EQ(way(traffic, "acc.blob.core.windows.net"), "127.0.0.1:10003");
    EXPECT_EQ(way(traffic, "example.com"), "example.com:443");
    EXPECT_EQ(
        way(traffic, "acc.queue.core.windows.net"),
        "bluebatch-emulator has no service behind acc.queue.core.windows.net."
    );
    way(traffic, "ACC.blob.core.windows.net");
    EXPECT_EQ(
        traffic.summary(),
        (std::vector<std::string>{
            "acc.blob.core.windows.net: 2 connections, answered by the emulator",
            "example.com: 1 connection, passed on",
            "acc.queue.core.windows.net: 1 connection, refused: the emulator has no such service"})
    );
}

TEST_F(RunTraffic, OfflineLeavesTheMachineNowhere) {
    Traffic traffic({"127.0.0.1", 10003}, {}, Foreigners::refused);
    EXPECT_EQ(way(traffic, "example.com"), "bluebatch run --offline lets nothing out to example.com.");
    EXPECT_EQ(way(traffic, "localhost"), "127.0.0.1:443");
    EXPECT_EQ(way(traffic, "127.0.0.2"), "127.0.0.2:443");
    EXPECT_EQ(way(traffic, "management.azure.com"), "127.0.0.1:10003");
}

}  // namespace
}  // namespace bluebatch::cli
