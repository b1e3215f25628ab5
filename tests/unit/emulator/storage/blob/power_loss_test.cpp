#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <map>
#include <mutex>

namespace bluebatch::emulator::storage::blob {
namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

::ino_t inode_of(fs::path const& path) {
    struct ::stat info {};
    ::stat(path.c_str(), &info);
    return info.st_ino;
}

// Knows what a disk would hold that loses everything that was not synced: bytes of files as of their last
// sync, under the names that their folders had at theirs.
class ForgetfulDisk final : public Disk {
public:
    explicit ForgetfulDisk(fs::path root) : root_(std::move(root)) {}

    void sync_file(fs::path const& file) override {
        std::scoped_lock const lock(mutex_);
        bytes_[inode_of(file)] = read(file);
    }
    void sync_folder(fs::path const& folder) override {
        std::scoped_lock const lock(mutex_);
        auto& entries = folders_[folder];
        entries.clear();
        for (auto const& entry : fs::directory_iterator(folder)) {
            entries[entry.path()] = entry.is_directory() ? 0 : inode_of(entry.path());
        }
    }

    // Writes what is left after a loss of power.
    void restore(fs::path const& target) const {
        std::scoped_lock const lock(mutex_);
        restore_folder(root_, target);
    }

private:
    void restore_folder(fs::path const& folder, fs::path const& target) const {
        fs::create_directories(target);
        auto const found = folders_.find(folder);
        if (found == folders_.end()) return;
        for (auto const& [path, inode] : found->second) {
            if (inode == 0) {
                restore_folder(path, target / path.filename());
            } else if (!path.filename().string().ends_with("-shm")) {
                auto const bytes = bytes_.find(inode);
                std::ofstream(target / path.filename(), std::ios::binary)
                    << (bytes == bytes_.end() ? std::string{} : bytes->second);
            }
        }
    }

    fs::path root_;
    mutable std::mutex mutex_;
    std::map<::ino_t, std::string> bytes_;
    std::map<fs::path, std::map<fs::path, ::ino_t>> folders_;
};

class PowerLoss : public testing::Test {
protected:
    PowerLoss() {
        Transaction transaction(storage_.database());
        container_.account = "a";
        container_.name = "c";
        insert_container(transaction, container_);
        transaction.commit();
    }

    void put(std::string const& name, NewContent content) {
        Blob blob;
        blob.container_id = container_.id;
        blob.name = name;
        blob.size = content.size();
        Transaction transaction(storage_.database());
        blob.content_id = content.store(transaction);
        insert_blob(transaction, blob);
        transaction.commit();
    }

    NewContent spooled(std::string const& bytes) {
        auto const path = storage_.spool_folder() / "body";
        std::ofstream(path, std::ios::binary) << bytes;
        return NewContent::from_file(storage_, path, bytes.size());
    }

    // What a reader finds after a loss of power at this moment.
    std::optional<std::string> survivor(std::string const& name) {
        tests::TemporaryDirectory const left;
        disk_.restore(left.path() / "s");
        BlobStorage storage(left.path() / "s", Durability::process, clock_);
        Snapshot snapshot(storage.database());
        auto const blob = find_blob(snapshot.connection(), container_.id, name);
        if (!blob) return std::nullopt;
        if (auto bytes = find_content_bytes(snapshot.connection(), *blob->content_id)) return bytes;
        return read(storage.files().path_of(*blob->content_id));
    }

    tests::TemporaryDirectory folder_;
    base::SystemClock clock_;
    ForgetfulDisk disk_{folder_.path() / "s"};
    BlobStorage storage_{folder_.path() / "s", Durability::fsync, clock_, disk_};
    Container container_;
};

TEST_F(PowerLoss, TakesNothingThatWasAcknowledged) {
    std::string const small(1000, 's');
    std::string const medium(50'000, 'm');
    std::string const large(300'000, 'l');

    put("small", NewContent::from_bytes(storage_, small));
    EXPECT_EQ(survivor("small"), small);
    put("medium", NewContent::from_bytes(storage_, medium));
    EXPECT_EQ(survivor("medium"), medium);
    put("large", spooled(large));
    EXPECT_EQ(survivor("large"), large);
    put("another", spooled(medium));
    EXPECT_EQ(survivor("another"), medium);
    EXPECT_EQ(survivor("small"), small);
}

TEST_F(PowerLoss, BringsBackNoBlobWithoutItsFile) {
    std::string const large(300'000, 'l');
    put("large", spooled(large));
    {
        Transaction transaction(storage_.database());
        auto const blob = find_blob(transaction.connection(), container_.id, "large");
        remove_blob(transaction, *blob);
        transaction.commit();
    }
    storage_.clean_soon();

    // Whether or not the file has gone by now, the blob is gone for good.
    EXPECT_EQ(survivor("large"), std::nullopt);
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
