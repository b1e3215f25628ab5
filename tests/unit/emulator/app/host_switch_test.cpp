#include "emulator/app/host_switch.hpp"

#include "emulator/app/journal.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace bluebatch::emulator::app {
namespace {

// Says its name, whatever it is asked.
struct Named final : http::Service {
    explicit Named(std::string given) : name(std::move(given)) {}
    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const&) override { return said(); }
    http::Response answer(http::Request) override { return said(); }
    http::Response too_large(http::RequestHead const&, std::uint64_t) override { return said(); }
    http::Response failed(http::RequestHead const&, std::exception const&) override { return said(); }
    http::Response said() const { return {.text = name}; }
    std::string name;
};

struct HostSwitchTest : testing::Test {
    Named blob{"blob"}, batch{"batch"}, otherwise{"port"};
    AbsentService absent;
    Journal journal;
    JournaledRequests noted_absent{absent, JournaledService::absent, journal};
    HostSwitch hosts{{{HostedService::blob, &blob}, {HostedService::batch, &batch}}, otherwise, noted_absent};

    static http::Request request(std::string host) {
        http::Request made;
        made.headers.set("Host", std::move(host));
        return made;
    }
    http::Response admitted(std::string host) {
        return std::get<http::Response>(hosts.admit(request(std::move(host))));
    }
};

TEST_F(HostSwitchTest, AsksTheServiceOfTheHost) {
    EXPECT_EQ(admitted("a.blob.core.windows.net").text, "blob");
    EXPECT_EQ(admitted("a.eastus.batch.azure.com").text, "batch");
    for (auto const* const host : {"127.0.0.1:10000", "localhost", "", "example.org"})
        EXPECT_EQ(admitted(host).text, "port") << host;
}

TEST_F(HostSwitchTest, AsksTheSameServiceUntilTheEnd) {
    auto const asked = request("a.blob.localhost:10003");
    EXPECT_EQ(hosts.answer(request("a.blob.localhost:10003")).text, "blob");
    EXPECT_EQ(hosts.too_large(asked, 1).text, "blob");
    EXPECT_EQ(hosts.failed(asked, std::runtime_error("disk")).text, "blob");
}

TEST_F(HostSwitchTest, RefusesHostsWithoutAServiceAndTellsOfThem) {
    auto const refused = admitted("management.azure.com");
    EXPECT_EQ(refused.status, 501);
    EXPECT_NE(refused.text.find("management.azure.com"), std::string::npos);
    auto asked = request("");
    asked.verb = http::Verb::get;
    auto const report = nlohmann::json::parse(journal.answer(asked).json);
    EXPECT_EQ(report["requests"]["absent"], 1);
    EXPECT_EQ(report["notEmulated"][0]["what"], "management.azure.com");
}

}  // namespace
}  // namespace bluebatch::emulator::app
