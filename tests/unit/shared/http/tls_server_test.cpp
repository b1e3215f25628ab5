#include "shared/http/server.hpp"
#include "tests/unit/shared/http/support.hpp"
#include "tests/unit/shared/http/tls_support.hpp"

#include <gmock/gmock.h>

#include <openssl/tls1.h>

#include <chrono>
#include <list>

namespace bluebatch::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawConnection;
using ::testing::StartsWith;
using testing::TlsClient;

class TlsServerTest : public ::testing::Test {
protected:
    TlsServerTest() {
        testing::make_echo(service_, folder_.path());
        echo_ = service_.on_answer;
        service_.on_answer = [this](Request request) {
            bool const is_secure = request.scheme == Scheme::https;
            auto response = echo_(std::move(request));
            response.headers.set("Scheme", is_secure ? "https" : "http");
            return response;
        };
    }

    std::uint16_t start(ServerLimits limits = {}) {
        server_ = std::make_unique<Server>(clock_, limits, 2, ServerDoors{&certificates_});
        return server_->listen("127.0.0.1", 0, service_);
    }
    std::string ca() const { return certificates_.ca_pem(); }

    testing::FixedClock clock_;
    testing::TemporaryFolder folder_;
    testing::ScriptedService service_;
    std::function<Response(Request)> echo_;
    testing::TestCertificates certificates_;
    std::unique_ptr<Server> server_;
};

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(TlsServerTest, SpeaksHttpAndHttpsAtOnePort) {
    auto const port = start();
    TlsClient secure(port, {.ca_pem = ca()});
    ASSERT_EQ(secure.handshake_fault(), "");
    RawConnection plain(port);
    for (int i = 0; i < 3; ++i) {
        secure.send(kGet);
        EXPECT_THAT(secure.read_answer(), AllOf(HasSubstr("Scheme: https\r\n"), EndsWith("GET /a")));
        plain.send(kGet);
        EXPECT_THAT(plain.read_answer(), AllOf(HasSubstr("Scheme: http\r\n"), EndsWith("GET /a")));
    }
}

TEST_F(TlsServerTest, SpeaksBothVersionsOfTls) {
    auto const port = start();
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsClient client(port, {.ca_pem = ca(), .version = version});
        client.send(kGet);
        EXPECT_THAT(client.read_answer(), EndsWith("GET /a"));
    }
    TlsClient const old(port, {.ca_pem = ca(), .version = TLS1_1_VERSION});
    EXPECT_THAT(old.handshake_fault(), HasSubstr("protocol version"));
}

TEST_F(TlsServerTest, ShowsTheCertificateThatIsAskedFor) {
    auto const port = start();
    TlsClient const named(port, {.host = "Name.LocalHost", .ca_pem = ca()});
    EXPECT_EQ(named.handshake_fault(), "");
    EXPECT_EQ(named.certificate_host(), "name.localhost");
    TlsClient const nameless(port, {.host = "", .ca_pem = ca()});
    EXPECT_EQ(nameless.certificate_host(), "localhost");
}

TEST_F(TlsServerTest, SaysThatItDoesNotKnowAHost) {
    TlsClient const client(start(), {.host = "example.org"});
    EXPECT_THAT(client.handshake_fault(), HasSubstr("unrecognized name"));
}

TEST_F(TlsServerTest, AgreesOnHttp11) {
    using std::string_literals::operator""s;
    auto const port = start();
    EXPECT_EQ(TlsClient(port, {.protocols = "\x02h2\x08http/1.1"s}).protocol(), "http/1.1");
    EXPECT_EQ(TlsClient(port, {}).protocol(), "");
    TlsClient const other(port, {.protocols = "\x02h2"s});
    EXPECT_THAT(other.handshake_fault(), HasSubstr("no application protocol"));
}

TEST_F(TlsServerTest, TakesBodiesOfAnySizeAndPipelinedRequests) {
    auto const port = start();
    TlsClient client(port, {.ca_pem = ca()});
    auto const large = testing::pattern_bytes(5 << 20);
    client.send(
        "PUT /large HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n"
    );
    client.send(large);
    EXPECT_THAT(client.read_answer(), EndsWith("PUT /large " + std::to_string(large.size())));

    std::string requests;
    for (int i = 0; i < 50; ++i)
        requests += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    client.send(requests);
    for (int i = 0; i < 50; ++i)
        EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST /" + std::to_string(i) + " abc"));
}

TEST_F(TlsServerTest, ReadsARequestThatComesByteByByte) {
    TlsClient client(start(), {.ca_pem = ca()});
    for (char const byte : kGet)
        client.send({&byte, 1});
    EXPECT_THAT(client.read_answer(), EndsWith("GET /a"));
}

TEST_F(TlsServerTest, WritesTextAndSlicesOfFilesInOrder) {
    auto const content = testing::pattern_bytes(3 << 20);
    service_.on_answer = [&, file = folder_.make_file(content)](Request const&) {
        Response response;
        response.text = "text";
        response.slices = {{file, 1, 2 << 20}, {file, 0, content.size()}};
        return response;
    };
    TlsClient client(start(), {.ca_pem = ca()});
    client.send(kGet);
    auto const answer = client.read_answer();
    EXPECT_TRUE(answer.ends_with("\r\n\r\ntext" + content.substr(1, 2 << 20) + content));
}

TEST_F(TlsServerTest, SaysGoodByeWhenItCloses) {
    auto const port = start({.idle = std::chrono::seconds(1)});
    TlsClient client(port, {.ca_pem = ca()});
    client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("GET /a"));
    EXPECT_TRUE(client.ends_politely());
    TlsClient idle(port, {.ca_pem = ca()});
    EXPECT_TRUE(idle.ends_politely());
}

TEST_F(TlsServerTest, TellsWhoIsTooSlowWithAHead) {
    TlsClient client(start({.head = std::chrono::seconds(1)}), {.ca_pem = ca()});
    client.send("GET /a HTTP/1.1\r\n");
    EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 408 "));
}

// It has the time of a head, and holds up nobody.
TEST_F(TlsServerTest, EndsAHandshakeThatTakesTooLong) {
    auto const port = start({.head = std::chrono::seconds(1)});
    std::list<RawConnection> slow;
    for (int i = 0; i < 20; ++i)
        slow.emplace_back(port).send("\x16\x03\x01");
    TlsClient client(port, {.ca_pem = ca()});
    client.send(kGet);
    EXPECT_THAT(client.read_answer(), EndsWith("GET /a"));
    for (auto& connection : slow)
        EXPECT_TRUE(connection.is_closed_by_peer());
}

TEST_F(TlsServerTest, EndsWithWhoSpeaksSomethingElse) {
    auto const port = start();
    for (std::string const hello :
         {"\x16garbage that is no handshake at all", "\x16\x03\x01\x40\x01", "\x15\x03\x01"}) {
        RawConnection client(port);
        client.send(hello + testing::pattern_bytes(20'000));
        client.finish_sending();
        client.read_to_end();
    }
    EXPECT_EQ(service_.answers, 0);
    TlsClient client(port, {.ca_pem = ca()});
    client.send(kGet);
    EXPECT_THAT(client.read_answer(), EndsWith("GET /a"));
}

TEST_F(TlsServerTest, RefusesTlsWhereItHasNoCertificates) {
    server_ = std::make_unique<Server>(clock_, ServerLimits{}, 2);
    auto const port = server_->listen("127.0.0.1", 0, service_);
    TlsClient const client(port, {});
    EXPECT_NE(client.handshake_fault(), "");
    RawConnection raw(port);
    raw.send("\x16\x03\x01\x02\x03");
    raw.send("\r\n\r\n");
    EXPECT_THAT(raw.read_to_end(), StartsWith("HTTP/1.1 400 "));
}

// Only the first bytes of a connection decide.
TEST_F(TlsServerTest, TakesNoHandshakeAfterARequest) {
    RawConnection client(start());
    client.send(kGet);
    EXPECT_THAT(client.read_answer(), EndsWith("GET /a"));
    client.send("\x16\x03\x01 x\r\n\r\n");
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(TlsServerTest, StopsWithConnectionsOfAllKinds) {
    auto const port = start();
    TlsClient idle(port, {.ca_pem = ca()});
    RawConnection halfway(port);
    halfway.send("\x16\x03\x01");
    auto const began = std::chrono::steady_clock::now();
    server_->stop(std::chrono::seconds(10));
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    EXPECT_TRUE(halfway.is_closed_by_peer());
}

}  // namespace
}  // namespace bluebatch::http
