#include "shared/http/client.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <unistd.h>

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>

namespace bluebatch::http {
namespace {

// Answers the first request of each connection, and loses the answer to the second with the connection.
class ForgetfulServer {
public:
    ForgetfulServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, generic, size), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        EXPECT_EQ(::getsockname(listener_, generic, &size), 0);
        url_ = "http://127.0.0.1:" + std::to_string(::ntohs(address.sin_port)) + "/";
        thread_ = std::jthread([this] { serve(); });
    }
    ~ForgetfulServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string const& url() const { return url_; }
    int requests() const { return requests_; }

private:
    void serve() {
        for (;;) {
            int const connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) return;
            constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            if (take_request(connection)) {
                EXPECT_EQ(
                    ::send(connection, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL), std::ssize(kAnswer)
                );
                take_request(connection);
            }
            ::close(connection);
        }
    }

    bool take_request(int connection) {
        std::string text;
        std::array<char, 1024> piece;
        while (text.find("\r\n\r\n") == std::string::npos) {
            auto const count = ::recv(connection, piece.data(), piece.size(), 0);
            if (count <= 0) return false;
            text.append(piece.data(), static_cast<std::size_t>(count));
        }
        ++requests_;
        return true;
    }

    int listener_;
    std::string url_;
    std::atomic<int> requests_ = 0;
    std::jthread thread_;
};

TEST(NetworkClientRepeats, WhatReadsIsAskedAgainByItself) {
    ForgetfulServer server;
    auto const client = make_network_client({});
    for (int i = 0; i < 2; ++i)
        EXPECT_TRUE(client->send({.url = server.url()}, {}, {}));
    EXPECT_EQ(server.requests(), 3);
}

TEST(NetworkClientRepeats, WhatChangesSomethingIsLeftToWhoeverAsked) {
    for (auto const verb : {Verb::remove, Verb::post, Verb::put}) {
        ForgetfulServer server;
        auto const client = make_network_client({});
        EXPECT_TRUE(client->send({.url = server.url()}, {}, {}));
        auto const answer = client->send({.verb = verb, .url = server.url()}, {}, {});
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().fault, TransportFault::interrupted);
        EXPECT_EQ(server.requests(), 2);
        EXPECT_TRUE(client->send({.verb = verb, .url = server.url()}, {}, {}));
    }
}

}  // namespace
}  // namespace bluebatch::http
