#pragma once

#include "emulator/app/account_registry.hpp"
#include "emulator/storage/accounts/account_store.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/schema.hpp"
#include "shared/base/adjustable_clock.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/emulator/node/fake_transcoder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

namespace bluebatch::emulator::app {

// An emulator's accounts from a start to an end, with all that they need around them.
struct AccountsLife {
    AccountsLife(Options const& given, std::filesystem::path const& folder)
        : options(given),
          location(folder),
          database(location / "accounts.sqlite", storage::accounts_schema(), storage::Durability::process),
          accounts(options, database, blob_accounts, blob, batch, clock, random) {}
    ~AccountsLife() {
        leaps.end();
        batch.stop();
    }
    AccountsLife(AccountsLife const&) = delete;
    AccountsLife& operator=(AccountsLife const&) = delete;

    void start() { batch.start({"http://127.0.0.1:1", {}}); }
    batch::BatchAccounts::Entry view(std::string const& name) { return batch.views()->find(name); }
    batch::BatchAccounts::Found name_as_guest(std::string const& name) {
        return batch.views()->find_or_make(name);
    }
    // Those that the account of this name has, none if there is no such account.
    std::size_t pools(std::string const& name) {
        auto const account = view(name);
        if (account == nullptr) return 0;
        storage::Snapshot snapshot(*account->database);
        return storage::list_pools(snapshot.connection(), {}).size();
    }
    void add_pool(std::string const& name) {
        auto const account = view(name);
        domain::Pool pool;
        pool.id = "pool";
        storage::Transaction transaction(*account->database);
        storage::insert_pool(transaction, pool);
        transaction.commit();
    }
    void run_sql(std::string const& script) {
        storage::Transaction transaction(database);
        transaction.connection().run_script(script);
        transaction.commit();
    }
    std::vector<std::string> noted_removals(domain::AccountKind kind) {
        storage::Snapshot snapshot(database);
        return storage::unfinished_removals(snapshot.connection(), kind);
    }

    Options options;
    std::filesystem::path location;
    std::filesystem::path no_program;
    tests::ManualClock machine;
    base::AdjustableClock clock{machine};
    base::SystemRandom random;
    simulation::Leaps leaps{clock};
    storage::Database database;
    std::shared_ptr<blob::BlobAccounts> blob_accounts = std::make_shared<blob::BlobAccounts>();
    blob::BlobService blob{{.accounts = blob_accounts, .location = location}, clock, random};
    std::unique_ptr<http::Client> network = http::make_local_client(blob);
    node::FakeTranscoder transcoder;
    OpenBatchAccounts batch{
        {options,
         location,
         blob,
         *blob_accounts,
         database,
         *network,
         transcoder,
         no_program,
         no_program,
         clock,
         random,
         leaps}};
    AccountRegistry accounts;
};

class AccountRegistryTest : public testing::Test {
protected:
    AccountRegistryTest() {
        options_.blob_accounts = {{"firstblob", {"a2V5"}}};
        options_.batch_accounts = {{"firstbatch", {"a2V5"}}};
        options_.max_parallel = 1;
    }
    AccountsLife& live() {
        life_.reset();
        life_ = std::make_unique<AccountsLife>(options_, folder_.path());
        return *life_;
    }
    void end() { life_.reset(); }
    bool is_there(std::string const& path) const { return std::filesystem::exists(folder_.path() / path); }
    static bool eventually(std::function<bool()> const& condition) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!condition() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        return condition();
    }

    tests::TemporaryDirectory folder_;
    Options options_;
    std::unique_ptr<AccountsLife> life_;
};

}  // namespace bluebatch::emulator::app
