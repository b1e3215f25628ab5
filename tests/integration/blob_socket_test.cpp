#include "emulator/blob/service.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/http/client.hpp"
#include "shared/http/server.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <unistd.h>

#include <sys/socket.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace bluebatch::emulator::blob {
namespace {

constexpr auto* kKey = "a2V5IG9uZQ==";

// A connection that speaks what the test says, byte for byte.
class RawConnection {
public:
    explicit RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        timeval const patience{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address), 0);
    }
    ~RawConnection() { ::close(socket_); }
    RawConnection(RawConnection const&) = delete;
    RawConnection& operator=(RawConnection const&) = delete;

    void send(std::string_view text) {
        ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    }
    // Until `end` has come, or the peer closes.
    std::string receive(std::string_view end) {
        std::string text;
        while (text.find(end) == std::string::npos) {
            char buffer[4096];
            auto const count = ::recv(socket_, buffer, sizeof buffer, 0);
            if (count <= 0) break;
            text.append(buffer, static_cast<std::size_t>(count));
        }
        return text;
    }

private:
    int socket_;
};

class BlobOverSockets : public testing::Test {
protected:
    void SetUp() override {
        port_ = server_.listen("127.0.0.1", 0, service_);
        ASSERT_EQ(send(http::Verb::put, "?restype=container", {}, std::string{}), 201);
    }

    // By a SAS of the account, which may do everything.
    std::string target(std::string const& path_and_query) const {
        azure::AccountSasOptions options;
        options.account = "acc";
        options.key_base64 = kKey;
        options.permissions = "rwdlac";
        options.expiry = base::SystemClock{}.now() + std::chrono::hours{1};
        auto const separator = path_and_query.find('?') == std::string::npos ? "?" : "&";
        return "/acc/con" + path_and_query + separator + azure::make_account_sas(options);
    }

    int send(
        http::Verb verb,
        std::string const& path_and_query,
        http::Headers const& headers,
        std::variant<std::string, http::FileSlice> body,
        std::string* received = nullptr
    ) {
        http::OutgoingRequest request;
        request.verb = verb;
        request.url = "http://127.0.0.1:" + std::to_string(port_) + target(path_and_query);
        request.headers = headers;
        request.body = std::move(body);
        http::BodySink sink;
        if (received != nullptr) {
            sink = [received](std::span<std::byte const> bytes) {
                received->append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
                return true;
            };
        }
        auto const response = client_->send(request, sink, {});
        return response ? response->status : 0;
    }

    http::Headers const block_blob_{{"x-ms-blob-type", "BlockBlob"}};
    tests::TemporaryDirectory folder_;
    base::SystemClock clock_;
    base::SystemRandom random_;
    BlobService service_{{{{"acc", {kKey}}}, folder_.path()}, clock_, random_};
    http::Server server_{clock_, {}, 2};
    std::uint16_t port_ = 0;
    std::unique_ptr<http::Client> client_ = http::make_network_client({});
};

TEST_F(BlobOverSockets, TakesAndGivesLargeBodies) {
    std::string body(20 << 20, 'x');
    for (std::size_t i = 0; i < body.size(); i += 4096)
        body[i] = static_cast<char>(i >> 12);

    ASSERT_EQ(send(http::Verb::put, "/large", block_blob_, body), 201);

    std::string received;
    EXPECT_EQ(send(http::Verb::get, "/large", {}, std::string{}, &received), 200);
    EXPECT_TRUE(received == body);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "spool"));
}

TEST_F(BlobOverSockets, AsksForTheBodyOnlyOnceTheHeadIsAccepted) {
    RawConnection accepted(port_);
    accepted.send(
        "PUT " + target("/b") +
        " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\nContent-Length: 5\r\n"
        "Expect: 100-continue\r\n\r\n"
    );
    EXPECT_TRUE(accepted.receive("\r\n\r\n").starts_with("HTTP/1.1 100"));
    accepted.send("hello");
    EXPECT_TRUE(accepted.receive("\r\n\r\n").starts_with("HTTP/1.1 201"));

    RawConnection refused(port_);
    refused.send(
        "PUT /acc/con/b HTTP/1.1\r\nHost: h\r\nx-ms-version: 2021-12-02\r\nx-ms-blob-type: BlockBlob\r\n"
        "Content-Length: 5000000000\r\nExpect: 100-continue\r\n\r\n"
    );
    EXPECT_TRUE(refused.receive("</Error>").starts_with("HTTP/1.1 401"));
}

TEST_F(BlobOverSockets, TakesChunkedBodies) {
    RawConnection connection(port_);
    connection.send(
        "PUT " + target("/chunked") +
        " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    );

    EXPECT_TRUE(connection.receive("\r\n\r\n").starts_with("HTTP/1.1 201"));
    std::string received;
    EXPECT_EQ(send(http::Verb::get, "/chunked", {}, std::string{}, &received), 200);
    EXPECT_EQ(received, "abcde");
}

TEST_F(BlobOverSockets, ForgetsABodyThatIsCutOff) {
    {
        RawConnection connection(port_);
        connection.send(
            "PUT " + target("/cut") +
            " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\n"
            "Content-Length: 1000000\r\n\r\n" +
            std::string(200'000, 'x')
        );
    }

    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!std::filesystem::is_empty(folder_.path() / "spool")) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline);
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    EXPECT_EQ(send(http::Verb::get, "/cut", {}, std::string{}), 404);
}

TEST_F(BlobOverSockets, RefusesABodyBeyondTheLimitByItsLength) {
    RawConnection connection(port_);
    connection.send(
        "PUT " + target("/big") +
        " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\n"
        "Content-Length: 6000000000\r\n\r\n"
    );

    auto const answer = connection.receive("</Error>");

    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413"));
    EXPECT_NE(answer.find("RequestBodyTooLarge"), std::string::npos);
}

TEST_F(BlobOverSockets, WantsTheLengthOfABody) {
    RawConnection connection(port_);
    connection.send("PUT " + target("/b") + " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\n\r\n");

    EXPECT_NE(connection.receive("</Error>").find("MissingContentLengthHeader"), std::string::npos);
}

TEST_F(BlobOverSockets, GivesReadersOneVersionWhileWritersReplaceIt) {
    constexpr std::size_t kSize = 200'000;
    ASSERT_EQ(send(http::Verb::put, "/hot", block_blob_, std::string(kSize, 'a')), 201);
    std::atomic<bool> done{false};
    std::jthread const writer([&] {
        for (int i = 0; i < 60; ++i) {
            auto const letter = static_cast<char>('a' + i % 26);
            EXPECT_EQ(send(http::Verb::put, "/hot", block_blob_, std::string(kSize, letter)), 201);
        }
        done = true;
    });

    while (!done) {
        std::string received;
        ASSERT_EQ(send(http::Verb::get, "/hot", {}, std::string{}, &received), 200);
        ASSERT_EQ(received.size(), kSize);
        ASSERT_EQ(received.find_first_not_of(received.front()), std::string::npos);
    }
}

}  // namespace
}  // namespace bluebatch::emulator::blob
