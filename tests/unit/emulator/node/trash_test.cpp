#include "emulator/node/trash.hpp"

#include "shared/base/unique_descriptor.hpp"
#include "tests/support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

namespace bluebatch::emulator::node {
namespace {

namespace fs = std::filesystem;

class TrashTest : public testing::Test {
protected:
    // As Go keeps its modules.
    fs::path make_tree_without_rights(std::string const& name) const {
        auto const tree = folder_.path() / name;
        fs::create_directories(tree / "module" / "inner");
        std::ofstream(tree / "module" / "inner" / "file") << "text";
        for (auto const& folder : {tree / "module" / "inner", tree / "module", tree})
            fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
        return tree;
    }
    static bool eventually(std::function<bool()> const& condition) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!condition() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        return condition();
    }
    fs::path trash() const { return folder_.path() / "trash" / "account"; }

    tests::TemporaryDirectory folder_;
};

TEST_F(TrashTest, RemovesTreesWhoseOwnerTookTheRightsFromThem) {
    auto const tree = make_tree_without_rights("tree");
    EXPECT_FALSE(remove_tree(tree));
    EXPECT_FALSE(fs::exists(tree));
    EXPECT_FALSE(remove_tree(tree)) << "it is gone";
}

TEST_F(TrashTest, RemovesLinksAndNotWhereTheyLead) {
    auto const other = folder_.path() / "other";
    fs::create_directories(other / "kept");
    fs::create_directories(folder_.path() / "tree");
    fs::create_directory_symlink(other, folder_.path() / "tree" / "link");
    EXPECT_FALSE(remove_tree(folder_.path() / "tree"));
    EXPECT_TRUE(fs::exists(other / "kept"));
}

// Deeper than a path may name, and than one would want to descend.
TEST_F(TrashTest, RemovesTreesOfAnyDepth) {
    fs::create_directories(folder_.path() / "tree");
    base::UniqueDescriptor current{::open((folder_.path() / "tree").c_str(), O_RDONLY | O_DIRECTORY)};
    std::string const name(200, 'd');
    for (int depth = 0; depth < 300; ++depth) {
        ASSERT_EQ(::mkdirat(current.get(), name.c_str(), S_IRWXU), 0);
        base::UniqueDescriptor const file{::openat(current.get(), "file", O_CREAT | O_WRONLY, 0600)};
        current = base::UniqueDescriptor{::openat(current.get(), name.c_str(), O_RDONLY | O_DIRECTORY)};
        ASSERT_TRUE(file && current);
    }
    // As an emulator leaves it that is stopped in between.
    fs::create_directories(folder_.path() / "again");
    fs::rename(folder_.path() / "tree", folder_.path() / "again" / ".bluebatch-lifted-0");
    fs::rename(folder_.path() / "again", folder_.path() / "tree");
    EXPECT_FALSE(remove_tree(folder_.path() / "tree"));
    EXPECT_FALSE(fs::exists(folder_.path() / "tree"));
}

TEST_F(TrashTest, SaysWhatStandsInTheWay) {
    if (::geteuid() == 0) GTEST_SKIP() << "nothing stands in root's way";
    auto const tree = make_tree_without_rights("tree");
    fs::permissions(folder_.path(), fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_EQ(remove_tree(tree), std::errc::permission_denied);
    fs::permissions(folder_.path(), fs::perms::owner_all);
}

TEST_F(TrashTest, TakesAtOnceAndRemovesLater) {
    Trash bin(trash());
    auto const tree = make_tree_without_rights("tree");
    EXPECT_FALSE(bin.throw_away(tree));
    EXPECT_FALSE(fs::exists(tree));
    EXPECT_TRUE(eventually([&] { return fs::is_empty(trash()); }));
    EXPECT_EQ(bin.throw_away(tree), std::errc::no_such_file_or_directory);
}

TEST_F(TrashTest, RemovesWhatAnEarlierLifeLeft) {
    fs::create_directories(trash());
    make_tree_without_rights("trash/account/left");
    Trash const bin(trash());
    EXPECT_TRUE(eventually([&] { return fs::is_empty(trash()); }));
}

}  // namespace
}  // namespace bluebatch::emulator::node
