#include "shared/base/private_file.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <system_error>

namespace bluebatch::base {
namespace {

namespace fs = std::filesystem;
using enum fs::perms;

class PrivateFiles : public testing::Test {
protected:
    static std::string read(fs::path const& file) {
        std::ifstream stream(file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void leave(std::string const& text, fs::perms mode) const {
        std::ofstream(file_) << text;
        fs::permissions(file_, mode);
    }
    fs::perms mode() const { return fs::status(file_).permissions(); }

    tests::TemporaryDirectory folder_;
    fs::path file_ = folder_.path() / "secret";
};

constexpr auto kForOwner = owner_read | owner_write;
constexpr auto kForAll = kForOwner | group_read | others_read;

TEST_F(PrivateFiles, AreReadAsTheyWereWritten) {
    EXPECT_EQ(read_private_file(file_, ""), std::nullopt);
    write_private_file(file_, std::string("a\0b", 3), Sync::yes);
    EXPECT_EQ(read_private_file(file_, ""), std::string("a\0b", 3));
    EXPECT_EQ(mode(), kForOwner);
}

TEST_F(PrivateFiles, AreClosedToOthersWhenTheyAreRead) {
    leave("text", kForAll);
    EXPECT_EQ(read_private_file(file_, "remove it"), "text");
    EXPECT_EQ(mode(), kForOwner);
}

TEST_F(PrivateFiles, AreNewOnesWhenTheyAreWritten) {
    leave("what was there before", kForAll);
    std::ifstream earlier(file_);
    write_private_file(file_, "new");
    EXPECT_EQ(mode(), kForOwner);
    std::string const seen{std::istreambuf_iterator<char>(earlier), {}};
    EXPECT_EQ(seen, "what was there before") << "who has opened it before sees nothing of the new one";
}

TEST_F(PrivateFiles, AreReplacedAsAWhole) {
    leave("old", kForAll);
    std::ofstream(folder_.path() / "secret.new") << "a draft of who was killed";
    replace_private_file(file_, "new");
    EXPECT_EQ(read(file_), "new");
    EXPECT_EQ(mode(), kForOwner);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(PrivateFiles, AreMadeOrMended) {
    make_private(file_);
    EXPECT_EQ(mode(), kForOwner);
    leave("kept", kForAll);
    make_private(file_);
    EXPECT_EQ(mode(), kForOwner);
    EXPECT_EQ(read(file_), "kept");
}

TEST_F(PrivateFiles, AreNoLinks) {
    std::ofstream(folder_.path() / "other") << "text";
    fs::create_symlink(folder_.path() / "other", file_);
    EXPECT_THROW(read_private_file(file_, ""), std::system_error);
    EXPECT_THROW(make_private(file_), std::system_error);
    write_private_file(file_, "new");
    EXPECT_EQ(read(folder_.path() / "other"), "text");
    EXPECT_THROW(write_private_file(folder_.path() / "no" / "folder", ""), std::system_error);
}

}  // namespace
}  // namespace bluebatch::base
