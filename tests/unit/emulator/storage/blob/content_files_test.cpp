#include "emulator/storage/blob/content_files.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

namespace bluebatch::emulator::storage::blob {
namespace {

namespace fs = std::filesystem;

// Takes its time for the first sync of a folder, in which it runs `meanwhile`.
class SlowDisk final : public Disk {
public:
    void sync_file(fs::path const&) override {}
    void sync_folder(fs::path const&) override {
        if (syncs++ == 0) meanwhile();
        ++done;
    }
    std::function<void()> meanwhile;
    std::atomic<int> syncs = 0;
    std::atomic<int> done = 0;
};

TEST(ContentFiles, NobodyUsesANewFolderBeforeItIsDurable) {
    constexpr int kFolderSyncs = 2;  // of those that the new folders stand in
    tests::TemporaryDirectory const folder;
    SlowDisk disk;
    ContentFiles const files(folder.path() / "content", disk);
    std::future<int> second;
    disk.meanwhile = [&] {
        second = std::async(std::launch::async, [&] {
            files.write("two", 2);
            return disk.done.load();
        });
        // Long enough for it to be done if nothing held it up.
        second.wait_for(std::chrono::milliseconds{200});
    };

    files.write("one", 1);

    EXPECT_GT(second.get(), kFolderSyncs);
    EXPECT_TRUE(files.open(1) && files.open(2));
}

TEST(ContentFiles, SyncTheWayToAFolderOnce) {
    tests::TemporaryDirectory const folder;
    SlowDisk disk;
    disk.meanwhile = [] {};
    ContentFiles const files(folder.path() / "content", disk);

    files.write("one", 1);
    auto const first = disk.done.load();
    files.write("two", 2);
    EXPECT_EQ(disk.done - first, 1);
    files.write("far", 1 << 12);
    EXPECT_EQ(disk.done - first, 1 + first);
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
