#include "shared/http/connect_proxy.hpp"

#include "shared/base/digest.hpp"
#include "support.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <sys/socket.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace bluebatch::http {
namespace {

using testing::RawConnection;

class Proxy : public ::testing::Test {
protected:
    Proxy() {
        make_echo(service_, folder_.path());
        port_ = server_.listen("127.0.0.1", 0, service_);
        proxy_.emplace(ProxyOptions{
            "run:secret",
            [this](ProxyTarget const& target) -> ProxyDecision {
                if (target.host == "ours.example") return ProxyRoute{{"127.0.0.1", port_}};
                if (target.host == "preface.example") return ProxyRoute{{"127.0.0.1", port_}, "GET /"};
                if (target.host == "nowhere.example") return ProxyRoute{{"127.0.0.1", 1}};
                return ProxyRefusal{"no way to " + target.host};
            },
            4});
    }
    static std::string head(std::string const& line) {
        return line + "\r\nHost: x\r\nProxy-Authorization: Basic " +
               base::to_base64(std::string_view{"run:secret"}) + "\r\n\r\n";
    }

    testing::TemporaryFolder folder_;
    testing::FixedClock clock_;
    testing::ScriptedService service_;
    Server server_{clock_, {}, 2};
    std::uint16_t port_ = 0;
    std::optional<ConnectProxy> proxy_;
};

// A port that connections can be made to, though nobody accepts them.
struct SilentServer {
    SilentServer() {
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::socklen_t size = sizeof address;
        if (::bind(socket, reinterpret_cast<::sockaddr*>(&address), size) != 0 || ::listen(socket, 1) != 0 ||
            ::getsockname(socket, reinterpret_cast<::sockaddr*>(&address), &size) != 0)
            ADD_FAILURE() << "no port";
        port = ntohs(address.sin_port);
    }
    ~SilentServer() { ::close(socket); }
    SilentServer(SilentServer const&) = delete;
    SilentServer& operator=(SilentServer const&) = delete;

    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port = 0;
};

TEST_F(Proxy, TunnelsBytesBothWays) {
    RawConnection connection(proxy_->port());
    // The first bytes may come together with the request for the tunnel.
    connection.send(head("CONNECT ours.example:443 HTTP/1.1") + "GET /one HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 200 Connection established\r\n\r\n");
    EXPECT_NE(connection.read_answer().find("GET /one"), std::string::npos);
    auto const body = testing::pattern_bytes(3 << 20);
    connection.send(
        "PUT /two HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body
    );
    EXPECT_NE(connection.read_answer().find(std::to_string(body.size())), std::string::npos);
    connection.finish_sending();
    EXPECT_TRUE(connection.is_closed_by_peer());
}

TEST_F(Proxy, HandsOnSingleRequests) {
    RawConnection connection(proxy_->port());
    connection.send(head("GET http://ours.example/three HTTP/1.1"));
    EXPECT_NE(connection.read_answer().find("GET /three"), std::string::npos);
    EXPECT_TRUE(connection.is_closed_by_peer());
}

TEST_F(Proxy, SaysWhyThereIsNoWay) {
    auto const answer_to = [&](std::string const& bytes) {
        RawConnection connection(proxy_->port());
        connection.send(bytes);
        return connection.read_to_end();
    };
    auto const refused = answer_to(head("CONNECT elsewhere.example:443 HTTP/1.1"));
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 403 ")) << refused;
    EXPECT_NE(refused.find("no way to elsewhere.example"), std::string::npos);
    auto const unknown = answer_to("CONNECT ours.example:443 HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(unknown.starts_with("HTTP/1.1 407 ")) << unknown;
    EXPECT_NE(unknown.find("Proxy-Authenticate: Basic"), std::string::npos);
    EXPECT_TRUE(answer_to(head("CONNECT nowhere.example:443 HTTP/1.1")).starts_with("HTTP/1.1 502 "));
    EXPECT_TRUE(answer_to("GET " + std::string(70'000, 'x')).starts_with("HTTP/1.1 431 "));
}

TEST_F(Proxy, TellsClientsThatStillSend) {
    RawConnection connection(proxy_->port());
    EXPECT_TRUE(connection.send("GET " + std::string(70'000, 'x') + testing::pattern_bytes(8 << 20)));
    connection.finish_sending();
    EXPECT_TRUE(connection.read_to_end().starts_with("HTTP/1.1 431 "));
}

// A program that is run would keep connections open that have ended here.
TEST_F(Proxy, LeavesNothingToProgramsThatAreRun) {
    auto const inherited = [] {
        std::set<std::filesystem::path> sockets;
        for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            int const number = std::stoi(entry.path().filename().string());
            std::error_code error;
            auto const what = std::filesystem::read_symlink(entry.path(), error);
            if (!error && (::fcntl(number, F_GETFD) & FD_CLOEXEC) == 0) sockets.insert(what);
        }
        return sockets;
    };
    proxy_.reset();
    auto const before = inherited();
    SilentServer const server;
    ConnectProxy const proxy({"run:secret", [&](auto const&) {
                                  return ProxyRoute{{"127.0.0.1", server.port}};
                              }});
    RawConnection connection(proxy.port());
    connection.send(head("CONNECT ours.example:443 HTTP/1.1"));
    EXPECT_TRUE(connection.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
    EXPECT_EQ(inherited(), before);
}

TEST_F(Proxy, SaysWhatTheRouteWantsFirst) {
    RawConnection connection(proxy_->port());
    connection.send(head("CONNECT preface.example:443 HTTP/1.1"));
    EXPECT_TRUE(connection.read_until("\r\n\r\n").starts_with("HTTP/1.1 200"));
    connection.send("path HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(connection.read_answer().ends_with("GET /path"));
}

TEST_F(Proxy, EndsWithWhatIsOpen) {
    RawConnection connection(proxy_->port());
    connection.send(head("CONNECT ours.example:443 HTTP/1.1"));
    connection.read_until("\r\n\r\n");
    proxy_.reset();
    EXPECT_TRUE(connection.is_closed_by_peer());
}

TEST_F(Proxy, TakesSoManyConnectionsAndNoMore) {
    std::vector<std::unique_ptr<RawConnection>> open;
    for (int i = 0; i < 4; ++i) {
        open.push_back(std::make_unique<RawConnection>(proxy_->port()));
        open.back()->send(head("CONNECT ours.example:443 HTTP/1.1"));
        open.back()->read_until("\r\n\r\n");
    }
    RawConnection one_more(proxy_->port());
    EXPECT_TRUE(one_more.is_closed_by_peer());
    open.clear();
    EXPECT_TRUE(testing::eventually([&] {
        RawConnection again(proxy_->port());
        again.send(head("CONNECT ours.example:443 HTTP/1.1"));
        return again.read_until("\r\n\r\n").starts_with("HTTP/1.1 200");
    }));
}

}  // namespace
}  // namespace bluebatch::http
