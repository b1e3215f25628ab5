#include "emulator/storage/blob/blob_storage.hpp"

#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace bluebatch::emulator::storage::blob {
namespace {

namespace fs = std::filesystem;

class BlobStorageTest : public testing::Test {
protected:
    std::int64_t add_container(std::string const& name) {
        Container container;
        container.account = "a";
        container.name = name;
        Transaction transaction(storage().database());
        insert_container(transaction, container);
        transaction.commit();
        return container.id;
    }

    Blob add_blob(std::int64_t container_id, std::string const& name, std::string bytes) {
        auto content = NewContent::from_bytes(storage(), std::move(bytes));
        Blob blob;
        blob.container_id = container_id;
        blob.name = name;
        blob.size = content.size();
        Transaction transaction(storage().database());
        blob.content_id = content.store(transaction);
        insert_blob(transaction, blob);
        transaction.commit();
        return blob;
    }

    std::size_t count_files(fs::path const& folder) {
        std::size_t count = 0;
        for (auto const& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) ++count;
        }
        return count;
    }

    bool files_become(std::size_t wanted) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (std::chrono::steady_clock::now() < deadline) {
            if (count_files(folder_.path() / "content") == wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        return false;
    }

    std::int64_t count(std::string const& table) {
        auto const read = [](Row const& row) { return row.integer(0); };
        return Snapshot(storage().database())
            .connection()
            .find("SELECT count(*) FROM " + table, {}, read)
            .value();
    }

    bool becomes_empty(std::string const& table) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (std::chrono::steady_clock::now() < deadline) {
            if (count(table) == 0) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
        return false;
    }

    BlobStorage& storage() {
        if (!storage_) storage_.emplace(folder_.path(), Durability::process, clock_);
        return *storage_;
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    std::optional<BlobStorage> storage_;
};

TEST_F(BlobStorageTest, KeepsSmallContentsInTheDatabaseAndLargeOnesInFiles) {
    auto const container = add_container("c");

    auto const small = add_blob(container, "small", std::string(BlobStorage::kInlineLimit, 's'));
    auto const large = add_blob(container, "large", std::string(BlobStorage::kInlineLimit + 1, 'l'));

    Snapshot snapshot(storage().database());
    EXPECT_EQ(
        find_content_bytes(snapshot.connection(), *small.content_id)->size(), BlobStorage::kInlineLimit
    );
    EXPECT_FALSE(find_content_bytes(snapshot.connection(), *large.content_id));
    EXPECT_EQ(fs::file_size(storage().files().path_of(*large.content_id)), BlobStorage::kInlineLimit + 1);
    EXPECT_EQ(count_files(folder_.path() / "content"), 1U);
}

TEST_F(BlobStorageTest, RemovesTheFileOfABlobThatIsGone) {
    auto const blob = add_blob(add_container("c"), "large", std::string(100'000, 'l'));

    Transaction transaction(storage().database());
    remove_blob(transaction, blob);
    transaction.commit();
    storage().clean_soon();

    EXPECT_TRUE(files_become(0));
}

TEST_F(BlobStorageTest, KeepsAFileWhileAnotherBlobSharesIt) {
    auto const container = add_container("c");
    auto const first = add_blob(container, "first", std::string(100'000, 'l'));
    {
        Transaction transaction(storage().database());
        auto second = first;
        second.name = "second";
        add_reference(transaction, *first.content_id);
        insert_blob(transaction, second);
        remove_blob(transaction, first);
        transaction.commit();
    }

    Snapshot snapshot(storage().database());
    EXPECT_TRUE(list_removals(snapshot.connection(), 10).empty());
    EXPECT_TRUE(storage().files().open(*first.content_id));
}

TEST_F(BlobStorageTest, LeavesNothingOfAnUploadThatIsDropped) {
    { auto const dropped = NewContent::from_bytes(storage(), std::string(100'000, 'x')); }

    EXPECT_EQ(count_files(folder_.path() / "content"), 0U);
}

TEST_F(BlobStorageTest, AdoptsAFileOfTheSpoolFolder) {
    auto const path = storage().spool_folder() / "body";
    std::ofstream(path) << "content";

    auto const content = NewContent::from_file(storage(), path, 7);

    EXPECT_FALSE(fs::exists(path));
    EXPECT_EQ(count_files(folder_.path() / "content"), 1U);
}

TEST_F(BlobStorageTest, RemovesWhatTheLastEndOfTheProcessCutOff) {
    auto const kept = add_blob(add_container("c"), "kept", std::string(100'000, 'k'));
    auto const orphan = storage().next_content_id();
    storage().files().write("never committed", orphan);
    std::ofstream(storage().spool_folder() / "half") << "half a body";
    storage_.reset();

    storage_.emplace(folder_.path(), Durability::process, clock_);

    EXPECT_TRUE(files_become(1));
    EXPECT_TRUE(storage().files().open(*kept.content_id));
    EXPECT_EQ(count_files(storage().spool_folder()), 0U);
    EXPECT_GT(storage().next_content_id(), orphan);
}

TEST_F(BlobStorageTest, PurgesADroppedContainerWithItsBlocks) {
    auto const container = add_container("c");
    for (int i = 0; i < 450; ++i)
        add_blob(container, std::to_string(i), i % 50 == 0 ? std::string(20'000, 'x') : "x");
    {
        auto content = NewContent::from_bytes(storage(), std::string(20'000, 'x'));
        Transaction transaction(storage().database());
        auto const pending = insert_pending_blob(transaction, container, "blocks", {.block_id_length = 3});
        put_pending_block(
            transaction, pending.id, {"AAAA", *content.store(transaction), content.size()}, clock_.now()
        );
        transaction.commit();
    }
    EXPECT_EQ(count_files(folder_.path() / "content"), 10U);

    Transaction transaction(storage().database());
    drop_container(transaction, container);
    transaction.commit();
    storage().clean_soon();

    EXPECT_TRUE(files_become(0));
}

TEST_F(BlobStorageTest, RemovesABlobOfManyPiecesInTheBackground) {
    Blob blob;
    blob.container_id = add_container("c");
    blob.name = "b";
    {
        Transaction transaction(storage().database());
        blob.layout_id = insert_layout(transaction);
        for (std::uint64_t i = 0; i < 2500; ++i) {
            auto const id = static_cast<std::int64_t>(1'000'000 + i);
            insert_content(transaction, id, 1, "x");
            insert_segment(transaction, *blob.layout_id, {.start = i, .size = 1, .content_id = id});
        }
        insert_blob(transaction, blob);
        transaction.commit();
    }
    ASSERT_EQ(count("contents"), 2500);

    Transaction transaction(storage().database());
    remove_blob(transaction, blob);
    transaction.commit();
    EXPECT_GT(count("contents"), 0);
    // Whoever takes over after the process has ended goes on.
    storage_.reset();

    EXPECT_TRUE(becomes_empty("contents"));
    EXPECT_TRUE(becomes_empty("segments"));
    EXPECT_TRUE(becomes_empty("dropped_layouts"));
}

TEST_F(BlobStorageTest, RemovesManyWaitingBlocksInTheBackground) {
    auto const container = add_container("c");
    auto const add_waiting = [&](Transaction& transaction, std::string const& name, std::int64_t first) {
        auto const pending = insert_pending_blob(transaction, container, name, {.block_id_length = 3});
        for (std::int64_t id = first; id < first + 1500; ++id) {
            insert_content(transaction, id, 1, "x");
            put_pending_block(transaction, pending.id, {std::to_string(id), id, 1}, clock_.now());
        }
        return pending.id;
    };
    {
        Transaction transaction(storage().database());
        auto const first = add_waiting(transaction, "first", 1'000'000);
        add_waiting(transaction, "second", 2'000'000);
        drop_pending_blob(transaction, first);
        EXPECT_FALSE(find_pending_blob(transaction.connection(), container, "first"));
        // The name is free at once.
        auto const again = add_waiting(transaction, "first", 3'000'000);
        drop_pending_blob(transaction, again);
        transaction.commit();
    }
    storage().clean_soon();

    EXPECT_TRUE(becomes_empty("dropped_containers"));
    EXPECT_EQ(count("contents"), 1500);
    EXPECT_EQ(count("pending_blocks"), 1500);
    EXPECT_EQ(count("pending_blobs"), 1);
    EXPECT_TRUE(find_pending_blob(Snapshot(storage().database()).connection(), container, "second"));
}

TEST_F(BlobStorageTest, RemovesFilesWhateverElseFails) {
    auto const container = add_container("c");
    auto const blob = add_blob(container, "large", std::string(100'000, 'l'));
    auto const other = add_container("other");
    {
        Transaction transaction(storage().database());
        transaction.connection().run_script(
            "CREATE TRIGGER refused BEFORE DELETE ON dropped_containers "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        );
        drop_container(transaction, other);
        remove_blob(transaction, blob);
        transaction.commit();
    }
    storage().clean_soon();

    EXPECT_TRUE(files_become(0));
}

TEST_F(BlobStorageTest, GivesUpItsReserveForADeletionOnAFullDisk) {
    constexpr int kFull = 13;  // SQLITE_FULL
    auto const reserve = folder_.path() / "reserve";
    storage();
    ASSERT_EQ(fs::file_size(reserve), static_cast<std::uintmax_t>(SpaceReserve::kSize));
    int runs = 0;

    auto const result = storage().free_space([&] {
        if (++runs == 1) throw StorageError(kFull, "full");
        EXPECT_LT(fs::file_size(reserve), static_cast<std::uintmax_t>(SpaceReserve::kSize));
        return runs;
    });

    EXPECT_EQ(result, 2);
    EXPECT_EQ(fs::file_size(reserve), static_cast<std::uintmax_t>(SpaceReserve::kSize));
}

TEST_F(BlobStorageTest, LetsOtherFailuresThrough) {
    constexpr int kCorrupt = 11;  // SQLITE_CORRUPT
    auto const fail = []() -> int { throw StorageError(kCorrupt, "corrupt"); };

    EXPECT_THROW(storage().free_space(fail), StorageError);
    EXPECT_TRUE(fs::exists(folder_.path() / "reserve"));
}

TEST_F(BlobStorageTest, RemovesWhatWasKeptOnceItsTimeIsOver) {
    auto const container = add_container("c");
    auto blob = add_blob(container, "b", std::string(100'000, 'x'));
    blob.deletion = SoftDeletion{clock_.now(), clock_.now() + std::chrono::days{7}};
    {
        Transaction transaction(storage().database());
        update_blob(transaction, blob);
        transaction.commit();
    }
    auto const file = storage().files().path_of(blob.content_id.value());
    storage().clean_soon();
    clock_.advance(std::chrono::days{7});

    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (fs::exists(file)) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline);
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    EXPECT_FALSE(find_deleted_blob(Snapshot(storage().database()).connection(), container, "b"));
}

TEST_F(BlobStorageTest, FindsTheSegmentsOfARangeOnly) {
    auto const container = add_container("c");
    Blob blob;
    blob.container_id = container;
    blob.name = "b";
    blob.size = 60;
    Transaction transaction(storage().database());
    blob.layout_id = insert_layout(transaction);
    insert_blob(transaction, blob);
    insert_committed_blocks(transaction, *blob.layout_id, {{"a", 1, 10}, {"b", 2, 20}, {"c", 3, 30}});
    transaction.commit();

    Snapshot snapshot(storage().database());
    auto const segments = [&](std::uint64_t offset, std::uint64_t length) {
        std::vector<std::vector<std::uint64_t>> found;
        for (auto const& s : find_segments(snapshot.connection(), blob, offset, length)) {
            found.push_back({static_cast<std::uint64_t>(s.content_id.value()), s.offset, s.length});
        }
        return found;
    };
    using Expected = std::vector<std::vector<std::uint64_t>>;
    EXPECT_EQ(segments(0, 60), (Expected{{1, 0, 10}, {2, 0, 20}, {3, 0, 30}}));
    EXPECT_EQ(segments(10, 20), (Expected{{2, 0, 20}}));
    EXPECT_EQ(segments(9, 2), (Expected{{1, 9, 1}, {2, 0, 1}}));
    EXPECT_EQ(segments(59, 1), (Expected{{3, 29, 1}}));
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
