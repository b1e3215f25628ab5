#include "emulator/app/certificate_store.hpp"

#include "emulator/app/azure_hosts.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::app {
namespace {

class MovedClock final : public base::Clock {
public:
    base::TimePoint now() const override { return time; }
    base::TimePoint time = *base::parse_iso8601("2026-11-22T12:00:00Z");
};

struct CertificateStoreTest : testing::Test {
    MovedClock clock;
    base::CertificateAuthority authority =
        base::CertificateAuthority::make(permitted_hosts("127.0.0.1"), clock.time);
    CertificateStore store = store_with(std::nullopt);

    CertificateStore store_with(std::optional<base::CertifiedKey> own) {
        return {authority, local_hosts("127.0.0.1"), std::move(own), clock};
    }
};

TEST_F(CertificateStoreTest, HasOneForEverythingLocal) {
    auto const nameless = store.find("");
    ASSERT_TRUE(nameless);
    for (auto const* const host : {"localhost", "127.0.0.1", "::1"}) {
        EXPECT_TRUE(nameless->names(host)) << host;
        EXPECT_EQ(store.find(host), nameless) << host;
    }
}

TEST_F(CertificateStoreTest, MakesOneForEachHostOfAzure) {
    auto const first = store.find("a.blob.core.windows.net");
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->names("a.blob.core.windows.net"));
    EXPECT_FALSE(first->names("b.blob.core.windows.net"));
    EXPECT_EQ(store.find("a.blob.core.windows.net"), first);
    EXPECT_TRUE(store.find("b.batch.localhost"));
    EXPECT_FALSE(store.find("example.org"));
    EXPECT_FALSE(store.find("10.0.0.1"));
}

TEST_F(CertificateStoreTest, MakesAnotherBeforeOneEnds) {
    auto const first = store.find("localhost");
    clock.time = first->expires() - std::chrono::days(8);
    EXPECT_EQ(store.find("localhost"), first);
    clock.time = first->expires() - std::chrono::days(6);
    auto const second = store.find("localhost");
    EXPECT_GT(second->expires(), first->expires());
}

TEST_F(CertificateStoreTest, ForgetsTheLongestUnused) {
    auto const first = store.find("first.localhost");
    auto const second = store.find("second.localhost");
    for (std::size_t i = 0; i < CertificateStore::kMostKept - 1; ++i) {
        store.find("first.localhost");
        store.find(std::to_string(i) + ".localhost");
    }
    EXPECT_EQ(store.find("first.localhost"), first);
    EXPECT_NE(store.find("second.localhost"), second);
}

TEST_F(CertificateStoreTest, PrefersTheUsersOwn) {
    auto const other =
        base::CertificateAuthority::make({.domains = {"example.org", "localhost"}}, clock.time);
    auto mine = store_with(*other.issue({"example.org", "localhost"}, clock.time));
    auto const own = mine.find("");
    EXPECT_TRUE(own->names("example.org"));
    for (auto const* const host : {"example.org", "localhost", "unknown.example"})
        EXPECT_EQ(mine.find(host), own) << host;
    auto const azure = mine.find("a.blob.core.windows.net");
    EXPECT_TRUE(azure->names("a.blob.core.windows.net"));
}

TEST_F(CertificateStoreTest, DoesWithoutAnAddressThatTheAuthorityMayNotCertify) {
    CertificateStore elsewhere(authority, local_hosts("192.168.1.5"), std::nullopt, clock);
    auto const local = elsewhere.find("");
    EXPECT_TRUE(local->names("localhost"));
    EXPECT_FALSE(local->names("192.168.1.5"));
    auto const wider = base::CertificateAuthority::make(permitted_hosts("192.168.1.5"), clock.time);
    CertificateStore there(wider, local_hosts("192.168.1.5"), std::nullopt, clock);
    EXPECT_TRUE(there.find("")->names("192.168.1.5"));
}

}  // namespace
}  // namespace bluebatch::emulator::app
