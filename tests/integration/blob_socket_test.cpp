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

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

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
    std::shared_ptr<BlobAccounts> accounts_ =
        std::make_shared<BlobAccounts>(std::vector<BlobAccount>{{"acc", {kKey}}});
    BlobService service_{{accounts_, folder_.path()}, clock_, random_};
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

// A disk that is full as far as this process goes.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(FileSizeLimit const&) = delete;
    FileSizeLimit& operator=(FileSizeLimit const&) = delete;

private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST_F(BlobOverSockets, SaysThatTheDiskIsFullAndRecovers) {
    std::string const body(8 << 20, 'x');
    std::string const head =
        "PUT " + target("/full") + " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\n";
    {
        FileSizeLimit const limit(4 << 20);
        RawConnection by_length(port_);
        by_length.send(head + "Content-Length: 8388608\r\n\r\n" + body);
        auto const answer = by_length.receive("</Error>");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 507")) << answer;
        EXPECT_NE(answer.find("<Code>InsufficientStorage</Code>"), std::string::npos);
        EXPECT_NE(answer.find("x-ms-request-id"), std::string::npos);

        RawConnection chunked(port_);
        chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n800000\r\n" + body + "\r\n0\r\n\r\n");
        EXPECT_NE(chunked.receive("</Error>").find("InsufficientStorage"), std::string::npos);

        EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "spool"));
        EXPECT_EQ(send(http::Verb::put, "/small", block_blob_, std::string(1000, 's')), 201);
    }

    EXPECT_EQ(send(http::Verb::get, "/full", {}, std::string{}), 404);
    EXPECT_EQ(send(http::Verb::put, "/full", block_blob_, body), 201);
    std::string received;
    EXPECT_EQ(send(http::Verb::get, "/full", {}, std::string{}, &received), 200);
    EXPECT_TRUE(received == body);
}

TEST_F(BlobOverSockets, BoundsFloodsOfHeadersAndUrls) {
    std::string const get = "GET " + target("/b") + " HTTP/1.1\r\nHost: h\r\n";
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "x-ms-meta-m" + std::to_string(i) + ": v\r\n";

    RawConnection fields(port_);
    fields.send(get + many + "\r\n");
    EXPECT_TRUE(fields.receive("\r\n\r\n").starts_with("HTTP/1.1 431"));

    RawConnection field(port_);
    field.send(get + "x-ms-meta-m: " + std::string(100'000, 'v') + "\r\n\r\n");
    EXPECT_TRUE(field.receive("\r\n\r\n").starts_with("HTTP/1.1 431"));

    RawConnection url(port_);
    url.send("GET /acc/con/" + std::string(100'000, 'u') + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(url.receive("\r\n\r\n").starts_with("HTTP/1.1 4"));

    for (auto const* const length : {"99999999999999999999", "18446744073709551615", "-1", "1e9", "5, 5"}) {
        RawConnection absurd(port_);
        absurd.send(
            "PUT " + target("/b") +
            " HTTP/1.1\r\nHost: h\r\nx-ms-blob-type: BlockBlob\r\nContent-Length: " + length + "\r\n\r\n"
        );
        EXPECT_TRUE(absurd.receive("\r\n\r\n").starts_with("HTTP/1.1 4")) << length;
    }
    EXPECT_EQ(send(http::Verb::put, "/b", block_blob_, std::string{"still"}), 201);
}

TEST_F(BlobOverSockets, ServesAmongThousandsOfConnections) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    auto const wanted = std::min<rlim_t>(files.rlim_max, 9000);
    rlimit const more{std::max(files.rlim_cur, wanted), files.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &more), 0);
    // Both ends are here.
    auto const count = std::min<std::size_t>(3000, (wanted - 200) / 2);
    std::vector<std::unique_ptr<RawConnection>> connections;
    for (std::size_t i = 0; i < count; ++i) {
        connections.push_back(std::make_unique<RawConnection>(port_));
        if (i % 2 == 0) connections.back()->send("GET /acc/con HTTP/1.1\r\nHo");
    }

    EXPECT_EQ(send(http::Verb::put, "/b", block_blob_, std::string(200'000, 'x')), 201);
    std::string received;
    EXPECT_EQ(send(http::Verb::get, "/b", {}, std::string{}, &received), 200);
    EXPECT_EQ(received.size(), 200'000U);
    connections.back()->send("GET " + target("/b") + " HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(connections.back()->receive("\r\n\r\n").starts_with("HTTP/1.1 200"));
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
