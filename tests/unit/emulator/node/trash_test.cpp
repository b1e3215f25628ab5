#include "emulator/node/trash.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

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
