#include "client/cli/run/guest.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>

namespace bluebatch::cli {
namespace {

class GuestWordFile : public ::testing::Test {
protected:
    std::filesystem::path write(std::string const& name, std::size_t size, ::mode_t mode) {
        auto const file = folder_.path() / name;
        std::ofstream(file) << std::string(size, 'w');
        ::chmod(file.c_str(), mode);
        return file;
    }

    tests::TemporaryDirectory folder_;
};

TEST_F(GuestWordFile, HoldsTheWord) {
    EXPECT_EQ(read_guest_word_file(write("guest-word", 32, 0600)), std::string(32, 'w'));
}

TEST_F(GuestWordFile, IsNoOtherFile) {
    EXPECT_EQ(read_guest_word_file(write("id_ed25519", 32, 0600)), "");
    EXPECT_EQ(read_guest_word_file(folder_.path() / "guest-word"), "");
    EXPECT_EQ(read_guest_word_file(""), "");
    EXPECT_EQ(read_guest_word_file(write("guest-word", 33, 0600)), "");
    EXPECT_EQ(read_guest_word_file(write("guest-word", 32, 0640)), "");
}

TEST_F(GuestWordFile, IsNoLinkAndNoPipe) {
    std::filesystem::create_symlink(write("secret", 32, 0600), folder_.path() / "guest-word");
    EXPECT_EQ(read_guest_word_file(folder_.path() / "guest-word"), "");
    std::filesystem::remove(folder_.path() / "guest-word");
    ASSERT_EQ(::mkfifo((folder_.path() / "guest-word").c_str(), 0600), 0);
    EXPECT_EQ(read_guest_word_file(folder_.path() / "guest-word"), "");
}

TEST(Listener, IsOursWhenThisUserListens) {
    int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<::sockaddr*>(&address), size), 0);
    ASSERT_EQ(::getsockname(listener, reinterpret_cast<::sockaddr*>(&address), &size), 0);
    auto const port = ntohs(address.sin_port);
    EXPECT_FALSE(is_listener_ours(port));
    ASSERT_EQ(::listen(listener, 1), 0);
    EXPECT_TRUE(is_listener_ours(port));
    ::close(listener);
    EXPECT_FALSE(is_listener_ours(port));
}

}  // namespace
}  // namespace bluebatch::cli
