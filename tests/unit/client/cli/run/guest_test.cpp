#include "client/cli/run/guest.hpp"

#include "shared/http/guest_word.hpp"
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

class Listener {
public:
    Listener() {
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<::sockaddr*>(&address), size), 0);
        EXPECT_EQ(::getsockname(socket_, reinterpret_cast<::sockaddr*>(&address), &size), 0);
        port_ = ntohs(address.sin_port);
    }
    ~Listener() { close(); }
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;
    void listen() const { EXPECT_EQ(::listen(socket_, 1), 0); }
    void close() {
        if (socket_ >= 0) ::close(socket_);
        socket_ = -1;
    }
    std::uint16_t port() const { return port_; }

private:
    int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port_ = 0;
};

TEST(ListenerOfAPort, IsOursWhenThisUserListens) {
    Listener listener;
    EXPECT_FALSE(is_listener_ours(listener.port()));
    listener.listen();
    EXPECT_TRUE(is_listener_ours(listener.port()));
    listener.close();
    EXPECT_FALSE(is_listener_ours(listener.port()));
}

TEST_F(GuestWordFile, IsReadForEachConnectionWhileOursListens) {
    Listener listener;
    auto const preface = make_guest_preface(listener.port(), write("guest-word", 32, 0600));
    EXPECT_EQ(preface(), "") << "nobody listens yet";
    listener.listen();
    EXPECT_EQ(preface(), http::make_guest_preface(std::string(32, 'w')));
    std::ofstream(folder_.path() / "guest-word") << std::string(32, 'x');
    EXPECT_EQ(preface(), http::make_guest_preface(std::string(32, 'x')))
        << "an emulator that was started anew";
    listener.close();
    EXPECT_EQ(preface(), "");
}

}  // namespace
}  // namespace bluebatch::cli
