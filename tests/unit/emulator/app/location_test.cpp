#include "emulator/app/location.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace bluebatch::emulator::app {
namespace {

namespace fs = std::filesystem;

TEST(Location, IsMadeForItsOwnerOnly) {
    tests::TemporaryDirectory const folder;
    auto const location = Location::open(folder.path() / "a/b");
    EXPECT_EQ(fs::status(location.path()).permissions(), fs::perms::owner_all);
}

TEST(Location, IsHeldByOneEmulatorAtATime) {
    tests::TemporaryDirectory const folder;
    {
        auto const held = Location::open(folder.path());
        EXPECT_THROW(Location::open(folder.path()), std::runtime_error);
    }
    EXPECT_NO_THROW(Location::open(folder.path()));
}

TEST(Location, IsKeptAtTheEnd) {
    tests::TemporaryDirectory const folder;
    std::ofstream(Location::open(folder.path()).path() / "state") << "kept";
    EXPECT_TRUE(fs::exists(folder.path() / "state"));
}

TEST(TemporaryLocation, IsRemovedAtTheEnd) {
    fs::path path;
    {
        auto const location = Location::temporary();
        path = location.path();
        std::ofstream(path / "state") << "gone";
        EXPECT_TRUE(fs::exists(path));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryLocation, IsRemovedByTheNextEmulatorWhenItsOwnWasKilled) {
    auto const abandoned = fs::temp_directory_path() / "bluebatch-in-memory-abandoned-test";
    fs::create_directories(abandoned);
    std::ofstream(abandoned / "lock") << "1\n";
    auto const alive = Location::temporary();

    remove_abandoned_locations();

    EXPECT_FALSE(fs::exists(abandoned));
    EXPECT_TRUE(fs::exists(alive.path()));
}

TEST(Location, LeavesTheModeOfAFolderThatWasThere) {
    tests::TemporaryDirectory const folder;
    fs::permissions(folder.path(), fs::perms(0755));
    auto const location = Location::open(folder.path());
    EXPECT_EQ(fs::status(location.path()).permissions(), fs::perms(0755));
}

}  // namespace
}  // namespace bluebatch::emulator::app
