#include "emulator/storage/group_sync.hpp"

#include "emulator/storage/sqlite.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <system_error>
#include <thread>
#include <vector>

namespace bluebatch::emulator::storage {
namespace {

// Counts syncs of files and holds them back while its gate is shut.
class GatedDisk final : public Disk {
public:
    void sync_file(std::filesystem::path const&) override {
        std::unique_lock lock(mutex_);
        ++syncs_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return is_open_; });
        if (is_broken_) throw std::system_error(EIO, std::generic_category(), "sync");
    }
    void sync_folder(std::filesystem::path const&) override {}

    void set_open(bool is_open) {
        std::scoped_lock const lock(mutex_);
        is_open_ = is_open;
        changed_.notify_all();
    }
    void set_broken(bool is_broken) {
        std::scoped_lock const lock(mutex_);
        is_broken_ = is_broken;
    }
    void await_syncs(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return syncs_ >= count; });
    }
    int syncs() const {
        std::scoped_lock const lock(mutex_);
        return syncs_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    int syncs_ = 0;
    bool is_open_ = true;
    bool is_broken_ = false;
};

TEST(GroupSync, SyncsOnceForAllThatCommittedMeanwhile) {
    GatedDisk disk;
    disk.set_open(false);
    GroupSync sync("log", disk);
    std::jthread const leader([&] { sync.wait_for(sync.note_commit()); });
    disk.await_syncs(1);

    std::vector<std::uint64_t> commits(7);
    for (auto& commit : commits)
        commit = sync.note_commit();
    {
        std::vector<std::jthread> followers;
        for (auto const commit : commits)
            followers.emplace_back([&sync, commit] { sync.wait_for(commit); });
        disk.set_open(true);
    }

    EXPECT_EQ(disk.syncs(), 2);
    sync.wait_for_all();
    EXPECT_EQ(disk.syncs(), 2);
}

TEST(GroupSync, AcknowledgesNothingMoreOnceASyncHasFailed) {
    GatedDisk disk;
    GroupSync sync("log", disk);
    auto const before = sync.note_commit();
    sync.wait_for(before);
    disk.set_broken(true);

    EXPECT_THROW(sync.wait_for(sync.note_commit()), StorageError);
    disk.set_broken(false);

    EXPECT_THROW(sync.wait_for(sync.note_commit()), StorageError);
    EXPECT_NO_THROW(sync.wait_for(before));
}

std::vector<std::string> const kSchema{"CREATE TABLE t(n INTEGER)"};

void insert(Database& database, int number) {
    Transaction transaction(database);
    transaction.connection().execute("INSERT INTO t VALUES(?)", {number});
    transaction.commit();
}

TEST(DatabaseDurability, SyncsEachCommitOnlyWhenAskedTo) {
    tests::TemporaryDirectory folder;
    GatedDisk disk;
    Database relaxed(folder.path() / "relaxed", kSchema, Durability::process, disk);
    insert(relaxed, 1);
    EXPECT_EQ(disk.syncs(), 0);

    Database careful(folder.path() / "careful", kSchema, Durability::fsync, disk);
    auto const at_start = disk.syncs();
    insert(careful, 1);
    insert(careful, 2);
    EXPECT_EQ(disk.syncs(), at_start + 2);
}

TEST(DatabaseDurability, LetsOthersCommitWhileOneWaitsForTheDisk) {
    tests::TemporaryDirectory folder;
    GatedDisk disk;
    Database database(folder.path() / "d", kSchema, Durability::fsync, disk);
    auto const at_start = disk.syncs();
    disk.set_open(false);
    std::jthread const first([&] { insert(database, 1); });
    disk.await_syncs(at_start + 1);
    std::jthread const second([&] { insert(database, 2); });

    auto const count = [&] {
        return Snapshot(database).connection().find("SELECT count(*) FROM t", {}, [](Row const& row) {
            return row.integer(0);
        });
    };
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (count() != 2 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_EQ(count(), 2);
    disk.set_open(true);
}

TEST(DatabaseSpace, GivesFreedPagesBackToTheFileSystem) {
    tests::TemporaryDirectory folder;
    auto const file = folder.path() / "d";
    Database database(file, {"CREATE TABLE t(n INTEGER PRIMARY KEY, b BLOB)"}, Durability::process);
    std::string const bytes(16'000, 'x');
    {
        Transaction transaction(database);
        for (int i = 0; i < 3000; ++i)
            transaction.connection().execute("INSERT INTO t VALUES(?, ?)", {i, Value::bytes(bytes)});
        transaction.commit();
    }
    auto const full = std::filesystem::file_size(file) + std::filesystem::file_size(file.string() + "-wal");
    ASSERT_GT(full, 48'000'000U);

    for (int i = 0; i < 3000; ++i) {
        Transaction transaction(database);
        transaction.connection().execute("DELETE FROM t WHERE n = ?", {i});
        transaction.commit();
    }

    auto const empty = std::filesystem::file_size(file) + std::filesystem::file_size(file.string() + "-wal");
    EXPECT_LT(empty, 20'000'000U);
}

}  // namespace
}  // namespace bluebatch::emulator::storage
