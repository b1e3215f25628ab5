#include "emulator/storage/blob/secret_file.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace bluebatch::emulator::storage::blob {
namespace {

TEST(LoadSecret, KeepsWhatItMade) {
    tests::TemporaryDirectory const folder;
    base::SeededRandom random{1};

    auto const secret = load_secret(folder.path() / "secret", random);

    EXPECT_EQ(secret.size(), 32U);
    EXPECT_EQ(load_secret(folder.path() / "secret", random), secret);
    EXPECT_NE(load_secret(folder.path() / "other", random), secret);
}

TEST(LoadSecret, IsForItsOwnerOnly) {
    tests::TemporaryDirectory const folder;
    base::SeededRandom random{1};

    load_secret(folder.path() / "secret", random);

    auto const permissions = std::filesystem::status(folder.path() / "secret").permissions();
    EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(LoadSecret, ClosesToOthersWhatTheyCouldRead) {
    tests::TemporaryDirectory const folder;
    base::SeededRandom random{1};
    auto const file = folder.path() / "secret";
    auto const secret = load_secret(file, random);
    std::filesystem::permissions(
        file, std::filesystem::perms::others_read, std::filesystem::perm_options::add
    );

    EXPECT_EQ(load_secret(file, random), secret);

    auto const permissions = std::filesystem::status(file).permissions();
    EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

// Notes what was synced, and what stood under its name by then.
class NotingDisk final : public Disk {
public:
    void sync_file(std::filesystem::path const& file) override {
        notes.push_back(file.filename().string() + " " + std::to_string(std::filesystem::file_size(file)));
    }
    void sync_folder(std::filesystem::path const& folder) override {
        for (auto const& entry : std::filesystem::directory_iterator(folder))
            notes.push_back("entry " + entry.path().filename().string());
    }
    std::vector<std::string> notes;
};

TEST(LoadSecret, SyncsASecretBeforeItHasItsName) {
    tests::TemporaryDirectory const folder;
    base::SeededRandom random{1};
    NotingDisk disk;

    load_secret(folder.path() / "secret", random, disk);

    EXPECT_EQ(disk.notes, (std::vector<std::string>{"secret.new 32", "entry secret"}));
    load_secret(folder.path() / "secret", random, disk);
    EXPECT_EQ(disk.notes.size(), 2U);
}

TEST(LoadSecret, TakesNothingElseForASecret) {
    tests::TemporaryDirectory const folder;
    base::SeededRandom random{1};
    std::ofstream(folder.path() / "short") << "half";
    std::ofstream(folder.path() / "long") << std::string(33, 'x');

    EXPECT_THROW(load_secret(folder.path() / "short", random), std::runtime_error);
    EXPECT_THROW(load_secret(folder.path() / "long", random), std::runtime_error);
    EXPECT_THROW(load_secret(folder.path() / "no" / "folder", random), std::system_error);
}

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
