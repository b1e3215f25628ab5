#include "emulator/storage/resources/resource_store.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::storage {
namespace {

constexpr base::TimePoint kNow{base::Ticks{17'095'464'000'000'000}};

class ResourceStoreTest : public testing::Test {
protected:
    template <class Change>
    void commit(Change change) {
        Transaction transaction(database_);
        change(transaction);
        transaction.commit();
    }
    template <class Read>
    auto read(Read read) {
        Snapshot snapshot(database_);
        return read(snapshot.connection());
    }

    tests::TemporaryDirectory folder_;
    Database database_{folder_.path() / "resources.sqlite", resource_schema(), Durability::process};
};

TEST_F(ResourceStoreTest, GroupsKeepTheirNameAndPlaceWhenTheyChange) {
    commit([](Transaction& t) { put_group(t, {"Films", "eastus", "{}", kNow}); });
    commit([](Transaction& t) { put_group(t, {"films", "westus", "{\"tags\":{}}", kNow}); });
    auto const group = read([](Connection& c) { return find_group(c, "FILMS"); });
    ASSERT_TRUE(group);
    EXPECT_EQ(group->name, "Films");
    EXPECT_EQ(group->location, "eastus");
    EXPECT_EQ(group->document, "{\"tags\":{}}");
    EXPECT_EQ(group->made, kNow);
    commit([](Transaction& t) { delete_group(t, "fiLms"); });
    EXPECT_TRUE(read([](Connection& c) { return list_groups(c); }).empty());
}

TEST_F(ResourceStoreTest, AccountsOfBothKindsMayHaveOneName) {
    using domain::AccountKind;
    commit([](Transaction& t) {
        put_account_record(t, {AccountKind::batch, "n", "g", "eastus", "1", kNow});
        put_account_record(t, {AccountKind::storage, "n", "g", "eastus", "2", kNow});
        put_account_record(t, {AccountKind::storage, "a", "h", "eastus", "3", kNow});
    });
    EXPECT_EQ(
        read([](Connection& c) { return find_account_record(c, AccountKind::batch, "N"); })->document, "1"
    );
    auto const listed = read([](Connection& c) { return list_account_records(c, AccountKind::storage); });
    ASSERT_EQ(listed.size(), 2);
    EXPECT_EQ(listed[0].name, "a");
    commit([](Transaction& t) { delete_account_record(t, AccountKind::storage, "n"); });
    EXPECT_FALSE(read([](Connection& c) { return find_account_record(c, AccountKind::storage, "n"); }));
    EXPECT_TRUE(read([](Connection& c) { return find_account_record(c, AccountKind::batch, "n"); }));
}

TEST_F(ResourceStoreTest, AccountsGoWithTheirGroup) {
    using domain::AccountKind;
    commit([](Transaction& t) {
        put_group(t, {"h", "eastus", "{}", kNow});
        put_account_record(t, {AccountKind::batch, "n", "g", "eastus", "", kNow});
        put_account_record(t, {AccountKind::storage, "m", "G", "eastus", "", kNow});
        put_account_record(t, {AccountKind::batch, "m", "H", "eastus", "", kNow});
        put_package_record(t, {"n", "tool", "1", std::nullopt, kNow});
        put_package_record(t, {"m", "tool", "1", std::nullopt, kNow});
    });
    auto const placed = [&](AccountKind kind) {
        return read([&](Connection& c) { return list_placed_accounts(c, kind); });
    };
    EXPECT_EQ(placed(AccountKind::batch), std::vector<std::string>{"m"});
    EXPECT_EQ(placed(AccountKind::storage), std::vector<std::string>{});
    commit([](Transaction& t) { delete_account_records(t, "g"); });
    EXPECT_FALSE(read([](Connection& c) { return find_account_record(c, AccountKind::batch, "n"); }));
    EXPECT_FALSE(read([](Connection& c) { return find_account_record(c, AccountKind::storage, "m"); }));
    EXPECT_TRUE(read([](Connection& c) { return find_account_record(c, AccountKind::batch, "m"); }));
    EXPECT_FALSE(read([](Connection& c) { return find_package_record(c, "n", "tool", "1"); }));
    EXPECT_TRUE(read([](Connection& c) { return find_package_record(c, "m", "tool", "1"); }));
}

TEST_F(ResourceStoreTest, OldOperationsGoWhenNewOnesCome) {
    commit([](Transaction& t) { put_operation(t, {"1", "answer", kNow}, kNow); });
    EXPECT_EQ(read([](Connection& c) { return find_operation(c, "1"); })->answer, "answer");
    auto const later = kNow + base::Ticks{1};
    commit([&](Transaction& t) { put_operation(t, {"2", "", later}, later); });
    EXPECT_FALSE(read([](Connection& c) { return find_operation(c, "1"); }));
    EXPECT_TRUE(read([](Connection& c) { return find_operation(c, "2"); }));
}

TEST_F(ResourceStoreTest, PackagesGoWithTheirAccount) {
    commit([](Transaction& t) {
        put_package_record(t, {"n", "tool", "2", std::nullopt, kNow});
        put_package_record(t, {"n", "Tool", "1", kNow, kNow});
        put_package_record(t, {"n", "other", "1", std::nullopt, kNow});
        put_package_record(t, {"m", "tool", "1", std::nullopt, kNow});
        put_package_record(t, {"n", "tool", "2", kNow, kNow});
    });
    auto const listed = read([](Connection& c) { return list_package_records(c, "N", "TOOL"); });
    ASSERT_EQ(listed.size(), 2);
    EXPECT_EQ(listed[0].version, "1");
    EXPECT_EQ(listed[1].activated, kNow);
    commit([](Transaction& t) { delete_package_record(t, "n", "tool", "1"); });
    EXPECT_FALSE(read([](Connection& c) { return find_package_record(c, "n", "tool", "1"); }));
    commit([](Transaction& t) { delete_package_records(t, "n"); });
    EXPECT_TRUE(read([](Connection& c) { return list_package_records(c, "n", "other"); }).empty());
    EXPECT_TRUE(read([](Connection& c) { return find_package_record(c, "m", "tool", "1"); }));
}

}  // namespace
}  // namespace bluebatch::emulator::storage
