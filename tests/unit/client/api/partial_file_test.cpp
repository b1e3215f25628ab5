#include "client/api/partial_file.hpp"

#include "tests/support/temporary_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace bluebatch::client {
namespace {

namespace fs = std::filesystem;

class PartialFileTest : public ::testing::Test {
protected:
    static std::span<std::byte const> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

    static bool write(fs::path const& target, std::string_view text) {
        PartialFile file(target);
        return file.is_open() && file.append(bytes(text)) && file.publish();
    }

    static std::string read(fs::path const& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    tests::TemporaryDirectory folder_;
};

TEST_F(PartialFileTest, AppearsOnlyWhenItIsComplete) {
    auto const target = folder_.path() / "a";
    std::ofstream(target) << "old";
    {
        PartialFile file(target);
        ASSERT_TRUE(file.append(bytes("new")));
    }
    EXPECT_EQ(read(target), "old");
    EXPECT_TRUE(write(target, "new"));
    EXPECT_EQ(read(target), "new");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator{}), 1);
}

TEST_F(PartialFileTest, ALinkStaysAndWhatItLeadsToIsReplaced) {
    fs::create_directory(folder_.path() / "sub");
    fs::create_symlink("sub/file", folder_.path() / "link");
    for (auto const* text : {"made", "replaced"}) {
        EXPECT_TRUE(write(folder_.path() / "link", text));
        EXPECT_TRUE(fs::is_symlink(folder_.path() / "link"));
        EXPECT_EQ(read(folder_.path() / "sub" / "file"), text);
    }
}

TEST_F(PartialFileTest, APipeIsWrittenToAndStaysAPipe) {
    auto const pipe = folder_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    int const reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    ASSERT_GE(reader, 0);
    EXPECT_TRUE(write(pipe, "data"));
    EXPECT_TRUE(fs::is_fifo(pipe));
    std::array<char, 16> got{};
    EXPECT_EQ(::read(reader, got.data(), got.size()), 4);
    PartialFile again(pipe);
    ASSERT_TRUE(again.append(bytes("x")));
    EXPECT_FALSE(again.write(0, bytes("y"))) << "what went into a pipe can't be taken back";
    EXPECT_FALSE(again.is_seekable());
    ::close(reader);
}

TEST_F(PartialFileTest, PiecesComeInAnyOrder) {
    auto const target = folder_.path() / "a";
    PartialFile file(target);
    EXPECT_TRUE(file.write(3, bytes("def-too-much")));
    EXPECT_TRUE(file.write(0, bytes("abc")));
    EXPECT_TRUE(file.truncate(6));
    std::array<std::byte, 4> got{};
    EXPECT_EQ(file.read(4, got), 2U);
    EXPECT_EQ(got[0], std::byte{'e'});
    EXPECT_TRUE(file.publish());
    EXPECT_EQ(read(target), "abcdef");
}

TEST_F(PartialFileTest, AFolderIsNoFile) {
    PartialFile const file(folder_.path());
    int const error = errno;
    EXPECT_FALSE(file.is_open());
    EXPECT_EQ(error, EISDIR);
}

}  // namespace
}  // namespace bluebatch::client
