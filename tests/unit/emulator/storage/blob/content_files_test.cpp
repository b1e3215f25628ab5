#include "emulator/storage/blob/content_files.hpp"

#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
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

// Whose large files may become spare ones.
class RetiredFiles : public testing::Test {
protected:
    void adopt(std::int64_t id) const {
        auto const path = folder_.path() / "body";
        std::ofstream(path) << "123456789012";
        files_.adopt(path, id);
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    std::shared_ptr<base::SpareFiles> spares_ = std::make_shared<base::SpareFiles>(
        folder_.path(),
        clock_,
        base::SpareFiles::Limits{.least_size = 10, .most_bytes = 1000, .least_free = 0}
    );
    ContentFiles files_{folder_.path() / "content", lazy_disk(), spares_};
};

TEST_F(RetiredFiles, AreWrittenOverWhenNobodyHasReadThem) {
    adopt(1);
    files_.retire(1);

    EXPECT_TRUE(spares_->take());
    EXPECT_FALSE(files_.open(1));
}

TEST_F(RetiredFiles, AreRemovedWhenSomebodyHasReadThem) {
    adopt(1);
    adopt(2);
    files_.open(1);
    files_.path_for_reader(2);

    files_.retire(1);
    files_.retire(2);

    EXPECT_FALSE(spares_->take());
    EXPECT_FALSE(fs::exists(files_.path_of(1)) || fs::exists(files_.path_of(2)));
}

TEST_F(RetiredFiles, AreRemovedWhenTheirUploadWasRefused) {
    adopt(1);
    { StagedFile const refused(files_, 1); }

    EXPECT_FALSE(spares_->take());
    EXPECT_FALSE(fs::exists(files_.path_of(1)));
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
