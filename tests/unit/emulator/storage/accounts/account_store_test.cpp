#include "emulator/storage/accounts/account_store.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::storage {
namespace {

using domain::Account;
using domain::AccountKind;
using domain::AccountOrigin;

class AccountStore : public ::testing::Test {
protected:
    template <class Write>
    void write(Write write) {
        Transaction transaction(database_);
        write(transaction);
        transaction.commit();
    }
    template <class Read>
    auto read(Read read) {
        Snapshot snapshot(database_);
        return read(snapshot.connection());
    }
    std::vector<Account> list(AccountKind kind) {
        return read([&](Connection& connection) { return list_accounts(connection, kind); });
    }

    static base::TimePoint at(int seconds) { return base::TimePoint{std::chrono::seconds{seconds}}; }
    static Account account(std::string name) {
        return {std::move(name), AccountOrigin::guest, at(1), {{"b25l", at(2)}, {"dHdv", at(3)}}, {}};
    }

    tests::TemporaryDirectory folder_;
    Database database_{folder_.path() / "accounts.sqlite", accounts_schema(), Durability::process};
};

TEST_F(AccountStore, KeepsAccountsOfBothKindsApart) {
    write([](Transaction& transaction) {
        save_account(transaction, AccountKind::storage, account("two"));
        save_account(transaction, AccountKind::storage, account("one"));
        save_account(transaction, AccountKind::batch, account("one"));
        delete_account(transaction, AccountKind::batch, "one");
    });
    EXPECT_TRUE(list(AccountKind::batch).empty());
    auto const accounts = list(AccountKind::storage);
    ASSERT_EQ(accounts.size(), 2U);
    EXPECT_EQ(accounts[0].name, "one");
    EXPECT_EQ(accounts[1].name, "two");
    EXPECT_EQ(accounts[0].origin, AccountOrigin::guest);
    EXPECT_EQ(accounts[0].made, at(1));
    EXPECT_EQ(accounts[0].keys[0].base64, "b25l");
    EXPECT_EQ(accounts[0].keys[0].made, at(2));
    EXPECT_EQ(accounts[0].keys[1].base64, "dHdv");
    EXPECT_EQ(accounts[0].keys[1].made, at(3));
}

TEST_F(AccountStore, TellsNoStorageFromNothingSaid) {
    auto const auto_storage = [&] {
        return read([](Connection& connection) { return find_auto_storage(connection, "one"); });
    };
    EXPECT_EQ(auto_storage(), std::nullopt);
    write([](Transaction& transaction) { save_auto_storage(transaction, "one", "films"); });
    EXPECT_EQ(auto_storage(), "films");
    write([](Transaction& transaction) { save_auto_storage(transaction, "one", ""); });
    EXPECT_EQ(auto_storage(), "");
    write([](Transaction& transaction) { delete_auto_storage(transaction, "one"); });
    EXPECT_EQ(auto_storage(), std::nullopt);
}

TEST_F(AccountStore, KnowsWhatIsStillToBeRemoved) {
    auto const unfinished = [&](AccountKind kind) {
        return read([&](Connection& connection) { return unfinished_removals(connection, kind); });
    };
    write([](Transaction& transaction) { note_removal(transaction, AccountKind::batch, "one"); });
    EXPECT_EQ(unfinished(AccountKind::batch), std::vector<std::string>{"one"});
    EXPECT_TRUE(unfinished(AccountKind::storage).empty());
    write([](Transaction& transaction) { finish_removal(transaction, AccountKind::batch, "one"); });
    EXPECT_TRUE(unfinished(AccountKind::batch).empty());
}

}  // namespace
}  // namespace bluebatch::emulator::storage
