#include "emulator/app/options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace bluebatch::emulator::app {
namespace {

std::variant<Options, Exit> parse(std::vector<char const*> arguments) {
    arguments.insert(arguments.begin(), "bluebatch-emulator");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

Options options(std::vector<char const*> const& arguments) {
    return std::get<Options>(parse(arguments));
}
int status(std::vector<char const*> const& arguments) {
    return std::get<Exit>(parse(arguments)).status;
}

struct OptionsTest : testing::Test {
    ~OptionsTest() override {
        for (auto const* name :
             {"BLUEBATCH_BATCH_PORT",
              "BLUEBATCH_IN_MEMORY",
              "BLUEBATCH_LOCATION",
              "BLUEBATCH_BATCH_ACCOUNT",
              "AZURITE_ACCOUNTS"})
            ::unsetenv(name);
    }
};

TEST_F(OptionsTest, HasTheWellKnownDefaults) {
    auto const defaults = options({});
    EXPECT_EQ(defaults.host, "127.0.0.1");
    EXPECT_EQ(defaults.blob_port, 10000);
    EXPECT_EQ(defaults.batch_port, 10003);
    EXPECT_EQ(defaults.blob_accounts.at(0).name, "devstoreaccount1");
    EXPECT_EQ(defaults.batch_accounts.at(0).name, "devbatchaccount1");
    EXPECT_GE(defaults.max_parallel, 4U);
    EXPECT_FALSE(defaults.location.empty());
}

TEST_F(OptionsTest, WordsThatAreNotKnownAreAnsweredWithThoseThatAre) {
    auto const complaint = [](char const* flag) {
        testing::internal::CaptureStderr();
        EXPECT_EQ(status({flag, "loud"}), 2);
        return testing::internal::GetCapturedStderr();
    };
    auto const expect = [&complaint](char const* flag, std::string const& words) {
        EXPECT_NE(complaint(flag).find("loud is none of " + words + "\n"), std::string::npos) << flag;
    };
    expect("--log-level", "trace, debug, info, warning, error, off");
    expect("--log-format", "text, json");
    expect("--durability", "process, fsync");
    expect("--oauth", "off, basic");
    EXPECT_EQ(options({"--log-level", "OFF"}).log_level, base::log::Level::off);
    EXPECT_EQ(options({"--durability", "fsync"}).durability, storage::Durability::fsync);
}

TEST_F(OptionsTest, AnAccountWithoutAKeySaysWhereItWasNamed) {
    ::setenv("BLUEBATCH_BATCH_ACCOUNT", "films", 1);
    testing::internal::CaptureStderr();
    EXPECT_EQ(status({}), 2);
    auto const complaint = testing::internal::GetCapturedStderr();
    EXPECT_NE(complaint.find("--batch-account / BLUEBATCH_BATCH_ACCOUNT: write NAME:KEY"), std::string::npos)
        << complaint;
}

TEST_F(OptionsTest, TakeACertificateAsAzuriteDoes) {
    auto const own = options({"--cert", "c.pem", "--key", "c.key"}).own_certificate;
    EXPECT_EQ(own.certificate, "c.pem");
    EXPECT_EQ(own.key, "c.key");
    EXPECT_EQ(options({"--cert", "c.pfx", "--pwd", "secret"}).own_certificate.password, "secret");
    EXPECT_EQ(status({"--key", "c.key"}), 2);
    EXPECT_EQ(status({"--pwd", "secret"}), 2);
}

TEST_F(OptionsTest, HaveACommandForTheAuthority) {
    EXPECT_EQ(options({}).command, Command::run);
    auto const asked = options({"ca", "--location", "/x", "--pem"});
    EXPECT_EQ(asked.command, Command::show_authority);
    EXPECT_EQ(asked.location, "/x");
    EXPECT_TRUE(asked.prints_pem);
    EXPECT_FALSE(options({"ca"}).location.empty());
    EXPECT_EQ(status({"cat"}), 2);
    EXPECT_EQ(status({"--pem"}), 2);
}

TEST_F(OptionsTest, PoolsHaveTheIdentitiesThatAreNamed) {
    EXPECT_TRUE(options({}).pool_identities.empty());
    auto const named = options({"--pool-identity", "/a", "--pool-identity", "/b"}).pool_identities;
    EXPECT_EQ(named, (std::vector<std::string>{"/a", "/b"}));
}

TEST_F(OptionsTest, HasNoQuotasUnlessTold) {
    EXPECT_FALSE(options({}).batch_quotas.pools);
    auto const quotas = options({"--batch-pool-quota", "2", "--batch-job-quota", "0"}).batch_quotas;
    EXPECT_EQ(quotas.pools, 2);
    EXPECT_EQ(quotas.active_jobs_and_schedules, 0);
    EXPECT_FALSE(quotas.dedicated_cores);
    EXPECT_EQ(options({"--batch-dedicated-core-quota", "8"}).batch_quotas.dedicated_cores, 8);
    EXPECT_EQ(options({"--batch-low-priority-core-quota", "9"}).batch_quotas.low_priority_cores, 9);
    EXPECT_EQ(status({"--batch-pool-quota", "-1"}), 2);
}

TEST_F(OptionsTest, SimulatesTasksOnlyWhenAsked) {
    using namespace std::chrono_literals;
    EXPECT_FALSE(options({}).simulation);
    EXPECT_EQ(
        options({"--simulate", "10s..1m", "--simulate-failures", "5", "--simulate-seed", "7"}).simulation,
        (simulation::Behaviour{{10s, 60s}, 5, 7})
    );
    EXPECT_EQ(status({"--simulate", "soon"}), 2);
    EXPECT_EQ(status({"--simulate", "1s", "--simulate-failures", "101"}), 2);
    EXPECT_EQ(status({"--simulate-failures", "5"}), 2) << "of what is not simulated";
    ::setenv("BLUEBATCH_SIMULATE", "30s", 1);
    EXPECT_EQ(options({}).simulation, (simulation::Behaviour{{30s, 30s}, 0, std::nullopt}));
    ::unsetenv("BLUEBATCH_SIMULATE");
}

TEST_F(OptionsTest, TakesBearerTokensOnlyWhenAsked) {
    EXPECT_EQ(options({}).bearer_tokens, BearerTokens::refused);
    EXPECT_EQ(options({"--oauth", "basic"}).bearer_tokens, BearerTokens::basic);
    EXPECT_EQ(status({"--oauth", "full"}), 2);
    ::setenv("BLUEBATCH_OAUTH", "basic", 1);
    EXPECT_EQ(options({}).bearer_tokens, BearerTokens::basic);
    ::unsetenv("BLUEBATCH_OAUTH");
}

TEST_F(OptionsTest, TakesAccountsWithOneOrTwoKeys) {
    auto const parsed = options({"--account", "first:a2V5", "--account", "second:a2V5:b3RoZXI="});
    ASSERT_EQ(parsed.blob_accounts.size(), 2U);
    EXPECT_EQ(parsed.blob_accounts[1].keys_base64, (std::vector<std::string>{"a2V5", "b3RoZXI="}));
}

TEST_F(OptionsTest, UnderstandsAzurite) {
    ::setenv("AZURITE_ACCOUNTS", "one:a2V5;two:a2V5:a2V5;", 1);
    auto const parsed = options(
        {"--blobPort",
         "0",
         "--inMemoryPersistence",
         "--skipApiVersionCheck",
         "--disableTelemetry",
         "--silent"}
    );
    EXPECT_EQ(parsed.blob_port, 0);
    EXPECT_TRUE(parsed.in_memory);
    EXPECT_EQ(parsed.blob_accounts.at(1).name, "two");
}

TEST_F(OptionsTest, LetsAFlagWinOverItsVariable) {
    ::setenv("BLUEBATCH_BATCH_PORT", "7001", 1);
    ::setenv("BLUEBATCH_IN_MEMORY", "1", 1);
    EXPECT_EQ(options({}).batch_port, 7001);
    EXPECT_TRUE(options({}).in_memory);
    EXPECT_EQ(options({"--batch-port", "7002"}).batch_port, 7002);
}

TEST_F(OptionsTest, LetsAFlagWinOverTheVariableOfItsOpposite) {
    ::setenv("BLUEBATCH_IN_MEMORY", "1", 1);
    for (auto const* flag : {"--location=/x", "-l/x"}) {
        EXPECT_FALSE(options({flag}).in_memory);
        EXPECT_EQ(options({flag}).location, "/x");
    }
    ::setenv("BLUEBATCH_LOCATION", "/y", 1);
    EXPECT_EQ(status({}), 2);
    ::setenv("BLUEBATCH_IN_MEMORY", "false", 1);
    EXPECT_FALSE(options({}).in_memory);
    EXPECT_EQ(options({"--location", "/x"}).location, "/x");
    EXPECT_TRUE(options({"--in-memory"}).in_memory);
    EXPECT_TRUE(options({"--in-memory"}).location.empty());
}

TEST_F(OptionsTest, TakesSeveralAccountsFromAVariable) {
    ::setenv("BLUEBATCH_BATCH_ACCOUNT", "one:a2V5; two:a2V5:a2V5", 1);
    EXPECT_EQ(options({}).batch_accounts.at(1).name, "two");
    ::setenv("BLUEBATCH_BATCH_ACCOUNT", "one:a2V5;two", 1);
    EXPECT_EQ(status({}), 2);
}

TEST_F(OptionsTest, SaysWhatStorageAccountsKeep) {
    EXPECT_FALSE(options({}).blob_versioning);
    EXPECT_FALSE(options({}).blob_soft_delete);
    auto const parsed =
        options({"--blob-versioning", "--blob-soft-delete", "7", "--container-soft-delete", "8"});
    EXPECT_TRUE(parsed.blob_versioning);
    EXPECT_EQ(parsed.blob_soft_delete, 7);
    EXPECT_EQ(parsed.container_soft_delete, 8);
    EXPECT_FALSE(parsed.blob_access_tracking);
    EXPECT_EQ(status({"--blob-soft-delete", "0"}), 2);
}

TEST_F(OptionsTest, ReadsDelays) {
    EXPECT_EQ(options({"--node-start-delay", "250ms"}).node_start_delay.count(), 250);
    EXPECT_EQ(options({"--node-start-delay", "3s"}).node_start_delay.count(), 3000);
    EXPECT_EQ(options({"--node-start-delay", "2m"}).node_start_delay.count(), 120'000);
    EXPECT_EQ(status({"--node-start-delay", "soon"}), 2);
}

TEST_F(OptionsTest, EndsWithTwoOnWrongUsage) {
    EXPECT_EQ(status({"--no-such-flag"}), 2);
    EXPECT_EQ(status({"--account", "name-without-key"}), 2);
    EXPECT_EQ(status({"--account", "name:not base64"}), 2);
    EXPECT_EQ(status({"--account", "UPPER:a2V5"}), 2);
    EXPECT_EQ(status({"--in-memory", "--location", "/tmp/x"}), 2);
    EXPECT_EQ(status({"--batch-port", "70000"}), 2);
    EXPECT_EQ(status({"--help"}), 0);
}

TEST_F(OptionsTest, KnowsWhetherTheKeysAreThoseThatEverybodyKnows) {
    EXPECT_TRUE(options({}).uses_development_keys);
    EXPECT_TRUE(options({"--account", "mine123:a2V5"}).uses_development_keys);
    EXPECT_FALSE(
        options({"--account", "mine123:a2V5", "--batch-account", "mine123:a2V5"}).uses_development_keys
    );
}

}  // namespace
}  // namespace bluebatch::emulator::app
