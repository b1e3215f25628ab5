#include "tests/unit/emulator/app/account_registry_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace bluebatch::emulator::app {
namespace {

using domain::AccountKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(AccountRegistryTest, KeepsWhatItMadeOverLives) {
    auto* life = &live();
    auto const made = life->accounts.create(AccountKind::batch, "made");
    ASSERT_TRUE(made);
    EXPECT_FALSE(life->accounts.create(AccountKind::batch, "made"));
    EXPECT_FALSE(life->accounts.create(AccountKind::batch, "firstbatch"));
    life->add_pool("made");
    ASSERT_NE(life->name_as_guest("guest").account, nullptr);

    life = &live();

    auto const found = life->accounts.find(AccountKind::batch, "made");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->keys.front().base64, made->keys.front().base64);
    EXPECT_EQ(life->pools("made"), 1U);
    EXPECT_NE(life->view("guest"), nullptr);
    EXPECT_THAT(life->noted_removals(AccountKind::batch), IsEmpty());
}

TEST_F(AccountRegistryTest, TellsTheStorageOfBatchAccounts) {
    auto* life = &live();
    life->accounts.create(AccountKind::batch, "made");
    life->name_as_guest("guest");
    auto const storage_of = [&](std::string const& name) {
        auto const listed = life->accounts.list(AccountKind::batch);
        auto const found = std::ranges::find(listed, name, &domain::Account::name);
        return found == listed.end() ? "no account" : found->auto_storage;
    };
    EXPECT_EQ(storage_of("firstbatch"), "firstblob");
    EXPECT_EQ(storage_of("guest"), "firstblob");
    EXPECT_EQ(storage_of("made"), "");
    EXPECT_TRUE(life->accounts.link_auto_storage("made", "other"));
    EXPECT_FALSE(life->accounts.link_auto_storage("nosuch", "other"));

    life = &live();

    EXPECT_EQ(storage_of("made"), "other");
    EXPECT_TRUE(life->accounts.remove(AccountKind::batch, "made"));
    EXPECT_EQ(life->name_as_guest("made").account->name, "made");
    EXPECT_EQ(storage_of("made"), "firstblob") << "what was set went with the account";
}

TEST_F(AccountRegistryTest, RenewsKeysThatAreItsOwn) {
    auto& life = live();
    auto const made = life.accounts.create(AccountKind::batch, "made");
    auto const renewed =
        life.accounts.renew_key(AccountKind::batch, "made", domain::AccountKeySlot::secondary);
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->keys.front().base64, made->keys.front().base64);
    EXPECT_NE(renewed->keys.back().base64, made->keys.back().base64);
    EXPECT_EQ(life.view("made")->keys_base64.back(), renewed->keys.back().base64);
    EXPECT_FALSE(life.accounts.renew_key(AccountKind::batch, "firstbatch", domain::AccountKeySlot::primary));
}

TEST_F(AccountRegistryTest, RemovesAllThatThereIsOfABatchAccount) {
    auto& life = live();
    life.start();
    life.accounts.create(AccountKind::batch, "gone");
    life.add_pool("gone");
    // As tasks leave it: Go keeps its modules so.
    auto const tree = folder_.path() / "nodes" / "gone" / "pool" / "node" / "cache";
    std::filesystem::create_directories(tree);
    std::ofstream(tree / "file") << "text";
    std::filesystem::permissions(tree, std::filesystem::perms::owner_read);

    EXPECT_TRUE(life.accounts.remove(AccountKind::batch, "gone"));

    for (auto const* const path :
         {"batch/gone.sqlite",
          "batch/gone.sqlite-wal",
          "batch/gone.sqlite-shm",
          "applications/gone",
          "nodes/gone",
          "trash/gone"})
        EXPECT_FALSE(is_there(path)) << path;
    EXPECT_TRUE(eventually([&] { return std::filesystem::is_empty(folder_.path() / "removed"); }));
    EXPECT_THAT(life.noted_removals(AccountKind::batch), IsEmpty());
    ASSERT_TRUE(life.accounts.create(AccountKind::batch, "gone"));
    EXPECT_EQ(life.pools("gone"), 0U);
}

TEST_F(AccountRegistryTest, OffersTheNameAgainOnceRequestsHaveEnded) {
    auto& life = live();
    life.accounts.create(AccountKind::batch, "gone");
    life.add_pool("gone");
    auto request = life.view("gone");
    life.batch.stop_waiting();

    EXPECT_TRUE(life.accounts.remove(AccountKind::batch, "gone"));

    EXPECT_TRUE(is_there("batch/gone.sqlite")) << "a request still has it open";
    EXPECT_THAT(life.noted_removals(AccountKind::batch), ElementsAre("gone"));
    EXPECT_THROW(life.accounts.create(AccountKind::batch, "gone"), std::runtime_error);
    EXPECT_EQ(life.view("gone"), nullptr);
    request.reset();
    EXPECT_TRUE(life.accounts.create(AccountKind::batch, "gone"));
    EXPECT_EQ(life.pools("gone"), 0U);
    EXPECT_THAT(life.noted_removals(AccountKind::batch), IsEmpty());
}

TEST_F(AccountRegistryTest, ServesOtherAccountsWhileOneIsRemoved) {
    auto& life = live();
    life.accounts.create(AccountKind::batch, "gone");
    auto request = life.view("gone");
    std::atomic<bool> is_removed = false;
    std::jthread const removing([&] { is_removed = life.accounts.remove(AccountKind::batch, "gone"); });
    EXPECT_TRUE(eventually([&] { return life.view("gone") == nullptr; }));

    EXPECT_TRUE(life.accounts.create(AccountKind::batch, "other"));
    EXPECT_NE(life.name_as_guest("guest").account, nullptr);
    EXPECT_EQ(life.accounts.list(AccountKind::batch).size(), 3U);

    EXPECT_FALSE(is_removed) << "its request is not over";
    request.reset();
    EXPECT_TRUE(eventually([&] { return is_removed.load(); }));
    EXPECT_FALSE(is_there("batch/gone.sqlite"));
}

TEST_F(AccountRegistryTest, LeavesNothingOfAnAccountThatCantBeKept) {
    auto& life = live();
    life.start();
    life.run_sql(
        "CREATE TRIGGER full BEFORE INSERT ON accounts BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    );

    EXPECT_THROW(life.accounts.create(AccountKind::batch, "half"), std::exception);
    EXPECT_THROW(life.name_as_guest("half"), std::exception);

    EXPECT_EQ(life.view("half"), nullptr);
    EXPECT_FALSE(is_there("batch/half.sqlite"));
    life.run_sql("DROP TRIGGER full");
    EXPECT_TRUE(life.accounts.create(AccountKind::batch, "half"));
    EXPECT_NE(life.view("half"), nullptr);
}

TEST_F(AccountRegistryTest, ShowsAnAccountOnlyOnceItIsKept) {
    auto& life = live();
    std::jthread making;
    {
        storage::Transaction other(life.database);
        making = std::jthread([&] { life.name_as_guest("guest"); });
        ASSERT_TRUE(eventually([&] { return other.is_awaited(); }));
        EXPECT_EQ(life.view("guest"), nullptr);
    }
    making.join();
    EXPECT_NE(life.view("guest"), nullptr);
}

TEST_F(AccountRegistryTest, MakesOneAccountForSeveralWhoNameItAtOnce) {
    auto& life = live();
    life.start();
    std::atomic<int> got = 0;
    {
        std::vector<std::jthread> guests;
        for (int i = 0; i < 8; ++i)
            guests.emplace_back([&] { got += life.name_as_guest("guest").account != nullptr ? 1 : 0; });
    }
    EXPECT_EQ(got, 8);
    EXPECT_EQ(life.accounts.list(AccountKind::batch).size(), 2U);
}

TEST_F(AccountRegistryTest, RemovesWhatWasMadeOfAnAccountWhenItWasKilled) {
    live().run_sql("INSERT INTO removals VALUES (0, 'half')");
    end();
    std::ofstream(folder_.path() / "batch" / "half.sqlite") << "half a database";

    auto& life = live();

    EXPECT_FALSE(is_there("batch/half.sqlite"));
    EXPECT_THAT(life.noted_removals(AccountKind::batch), IsEmpty());
    EXPECT_TRUE(life.accounts.create(AccountKind::batch, "half"));
}

TEST_F(AccountRegistryTest, LeavesConfiguredAccountsWhatIsTheirs) {
    live().run_sql("INSERT INTO removals VALUES (0, 'mine')");
    end();
    std::ofstream(folder_.path() / "batch" / "mine.sqlite") << "of the account before it";
    options_.batch_accounts.push_back({"mine", {"a2V5"}});
    live().add_pool("mine");

    EXPECT_EQ(live().pools("mine"), 1U) << "the removal is over";

    // Who leaves it out of the command line still has it later, as a guest as well.
    options_.batch_accounts.pop_back();
    live().name_as_guest("mine");
    EXPECT_EQ(life_->pools("mine"), 1U);
}

TEST_F(AccountRegistryTest, RefusesToStartWhereAConfiguredAccountWouldGetWhatIsToBeRemoved) {
    live().run_sql(
        "INSERT INTO removals VALUES (0, 'mine');"
        "CREATE TRIGGER stuck BEFORE DELETE ON removals BEGIN SELECT RAISE(ABORT, 'stuck'); END"
    );
    live();
    EXPECT_THAT(life_->noted_removals(AccountKind::batch), ElementsAre("mine")) << "nobody has the name";
    end();
    options_.batch_accounts.push_back({"mine", {"a2V5"}});
    try {
        live();
        ADD_FAILURE() << "it has started";
    } catch (std::runtime_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("'mine'"));
        EXPECT_THAT(error.what(), HasSubstr("stuck"));
    }
}

class StorageAccountsTest : public AccountRegistryTest {
protected:
    // As a request does that was under way when the account was removed.
    void put_container(std::string const& account) {
        storage::Transaction transaction(blobs_);
        storage::blob::Container container;
        container.account = account;
        container.name = "films";
        storage::blob::insert_container(transaction, container);
        transaction.commit();
    }
    bool has_container(std::string const& account) {
        storage::Snapshot snapshot(blobs_);
        return storage::blob::find_container(snapshot.connection(), account, "films").has_value();
    }

    storage::Database blobs_{
        folder_.path() / "blob.sqlite", storage::blob::schema(), storage::Durability::process};
};

TEST_F(StorageAccountsTest, AreEmptyWhenTheirNameIsTakenAgain) {
    auto& life = live();
    life.accounts.create(AccountKind::storage, "store");
    put_container("store");
    EXPECT_TRUE(life.accounts.remove(AccountKind::storage, "store"));
    EXPECT_FALSE(has_container("store"));
    EXPECT_EQ(life.blob_accounts->find("store"), nullptr);
    put_container("store");

    EXPECT_NE(life.blob_accounts->find_or_make("store").account, nullptr);

    EXPECT_FALSE(has_container("store"));
}

TEST_F(StorageAccountsTest, AreEmptyInTheNextLifeAfterTheirRemoval) {
    live().accounts.create(AccountKind::storage, "store");
    life_->accounts.remove(AccountKind::storage, "store");
    put_container("store");
    options_.blob_accounts.push_back({"store", {"a2V5"}});
    live();
    EXPECT_FALSE(has_container("store"));
    put_container("store");
    live();
    EXPECT_TRUE(has_container("store"));
    EXPECT_THAT(life_->noted_removals(AccountKind::storage), IsEmpty());
}

TEST_F(StorageAccountsTest, OfThisMachineComeFirst) {
    live().accounts.create(AccountKind::storage, "aaa");
    EXPECT_EQ(live().blob_accounts->first()->name, "firstblob");
    EXPECT_NE(life_->blob_accounts->find("aaa"), nullptr);
}

TEST_F(AccountRegistryTest, TellsGuestsWhyNoMoreAccountsAreMade) {
    auto& life = live();
    for (int i = 1; i < 50; ++i)
        ASSERT_NE(life.name_as_guest("guest" + std::to_string(i)).account, nullptr) << i;
    auto const refused = life.name_as_guest("guest50");
    EXPECT_EQ(refused.account, nullptr);
    EXPECT_THAT(refused.refusal, HasSubstr("There are 50 Batch accounts already"));
    EXPECT_EQ(life.name_as_guest("no-account-name").refusal, "");
    EXPECT_TRUE(life.accounts.create(AccountKind::batch, "created")) << "that is for guests only";
    life.accounts.remove(AccountKind::batch, "guest1");
    life.accounts.remove(AccountKind::batch, "guest2");
    EXPECT_NE(life.name_as_guest("guest50").account, nullptr);
}

}  // namespace
}  // namespace bluebatch::emulator::app
