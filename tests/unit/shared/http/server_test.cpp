#include "shared/http/server.hpp"

#include "shared/http/guest_word.hpp"
#include "shared/http/waiting.hpp"
#include "tests/unit/shared/http/support.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <list>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace bluebatch::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawConnection;
using ::testing::StartsWith;

class ServerTest : public ::testing::Test {
protected:
    ServerTest() { testing::make_echo(service_, folder_.path()); }

    std::uint16_t start(ServerLimits limits = {}) {
        server_ = std::make_unique<Server>(clock_, limits, 2);
        return server_->listen("127.0.0.1", 0, service_);
    }

    testing::FixedClock clock_;
    testing::TemporaryFolder folder_;
    testing::ScriptedService service_;
    std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersWithLengthAndDateAndKeepsTheConnection) {
    RawConnection client(start());
    client.send("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");

    EXPECT_EQ(
        client.read_answer(),
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nDate: Sat, 21 Mar 2020 01:56:52 GMT\r\n\r\nGET /a"
    );
    client.send("GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nGET /second"));
}

TEST_F(ServerTest, KnowsWhoIsAGuest) {
    service_.on_answer = [](Request const& request) {
        Response response;
        response.text = request.is_guest ? "a guest" : "a client";
        return response;
    };
    server_ = std::make_unique<Server>(clock_, ServerLimits{}, 2, ServerDoors{nullptr, "word"});
    auto const port = server_->listen("127.0.0.1", 0, service_);
    auto const ask = [&](RawConnection& client, std::string const& begin) {
        client.send(begin + "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        return client.read_answer();
    };
    RawConnection guest(port);
    guest.send(make_guest_preface("word").substr(0, 5));
    EXPECT_THAT(ask(guest, make_guest_preface("word").substr(5)), HasSubstr("a guest"));
    EXPECT_THAT(ask(guest, ""), HasSubstr("a guest"));
    RawConnection liar(port);
    EXPECT_THAT(ask(liar, make_guest_preface("world")), HasSubstr("a client"));
    RawConnection client(port);
    EXPECT_THAT(ask(client, ""), HasSubstr("a client"));
    EXPECT_THAT(ask(client, make_guest_preface("word")), HasSubstr(" 400 "));
}

TEST_F(ServerTest, ServesOthersWhileHandlersWaitElsewhere) {
    constexpr int kWaiting = 5;
    std::latch begun(kWaiting);
    std::latch done(1);
    service_.on_answer = [&](Request const& request) {
        if (request.path == "/wait") {
            WaitingElsewhere const waiting;
            begun.count_down();
            done.wait();
        }
        Response response;
        response.text = request.path;
        return response;
    };
    auto const port = start();
    std::list<RawConnection> clients;
    for (int i = 0; i < kWaiting; ++i) {
        clients.emplace_back(port).send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    begun.wait();

    RawConnection other(port);
    other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(other.read_answer(), EndsWith("/other"));
    done.count_down();
    for (auto& client : clients)
        EXPECT_THAT(client.read_answer(), EndsWith("/wait"));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
    RawConnection client(start());
    std::string requests;
    for (int i = 0; i < 100; ++i) {
        requests += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    }
    client.send(requests);

    for (int i = 0; i < 100; ++i) {
        EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST /" + std::to_string(i) + " abc"));
    }
}

TEST_F(ServerTest, ReadsARequestThatComesByteByByte) {
    RawConnection client(start());
    for (char const byte : std::string("\r\nPUT /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok")) {
        client.send({&byte, 1});
    }
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPUT /p ok"));
}

TEST_F(ServerTest, ClosesAfterHttp10UnlessAskedToStay) {
    auto const port = start();
    RawConnection closing(port);
    closing.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_THAT(closing.read_to_end(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("GET /")));

    RawConnection staying(port);
    staying.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(staying.read_answer(), HasSubstr("Connection: keep-alive\r\n"));
    staying.send("GET /2 HTTP/1.0\r\n\r\n");
    EXPECT_THAT(staying.read_to_end(), EndsWith("GET /2"));
}

TEST_F(ServerTest, ClosesWhenTheClientOrTheServiceAsksForIt) {
    auto const port = start();
    RawConnection client(port);
    client.send("GET /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.read_to_end(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("GET /1")));

    service_.on_answer = [](Request const&) { return Response{.text = "bye", .close_connection = true}; };
    RawConnection other(port);
    other.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(other.read_to_end(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("bye")));
}

TEST_F(ServerTest, AnswersHeadWithTheLengthButNoBody) {
    service_.on_answer = [](Request const& request) {
        return request.path == "/told" ? Response{.content_length = 1234} : Response{.text = "four"};
    };
    RawConnection client(start());
    client.send("HEAD /told HTTP/1.1\r\nHost: x\r\n\r\nHEAD /text HTTP/1.1\r\nHost: x\r\n\r\n");

    EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 1234\r\n"));
    EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 4\r\n"));
    client.send("GET /text HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nfour"));
}

TEST_F(ServerTest, WritesTextAndSlicesOfFilesInOrder) {
    auto const content = testing::pattern_bytes(5 << 20);
    auto const file = folder_.make_file(content);
    service_.on_answer = [&](Request const&) {
        Response response{.text = "text"};
        response.slices = {{file, 1'000'000, 3 << 20}, {file, 5, 0}, {file, 10, 3}};
        return response;
    };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

    auto const answer = client.read_answer();
    auto const body = answer.substr(answer.find("\r\n\r\n") + 4);
    EXPECT_TRUE(body == "text" + content.substr(1'000'000, 3 << 20) + content.substr(10, 3));
}

TEST_F(ServerTest, WritesChunksWhenAskedAndALengthToHttp10) {
    auto const file = folder_.make_file("0123456789");
    service_.on_answer = [&](Request const&) {
        Response response{.text = "text", .framing = Framing::chunked};
        response.slices = {{file, 2, 3}};
        return response;
    };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(
        client.read_until("0\r\n\r\n"),
        AllOf(
            HasSubstr("Transfer-Encoding: chunked\r\n"),
            EndsWith("\r\n\r\n4\r\ntext\r\n3\r\n234\r\n0\r\n\r\n")
        )
    );
    client.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_THAT(client.read_to_end(), AllOf(HasSubstr("Content-Length: 7\r\n"), EndsWith("\r\n\r\ntext234")));
}

TEST_F(ServerTest, CutsTheConnectionWhenAFileIsShorterThanItsSlice) {
    auto const file = folder_.make_file("short");
    service_.on_answer = [&](Request const&) { return Response{.slices = {{file, 0, 100}}}; };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

    EXPECT_THAT(client.read_to_end(), EndsWith("\r\n\r\nshort"));
}

TEST_F(ServerTest, AnswersAnExceptionOfTheServiceWith500AndCloses) {
    service_.on_answer = [](Request const&) -> Response { throw std::runtime_error("boom"); };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

    EXPECT_THAT(
        client.read_to_end(),
        AllOf(StartsWith("HTTP/1.1 500 "), HasSubstr("Connection: close"), Not(HasSubstr("boom")))
    );
}

TEST_F(ServerTest, RefusesMalformedRequestsAndCloses) {
    auto const port = start();
    auto const answer_to = [&](std::string_view request) {
        RawConnection client(port);
        client.send(request);
        return client.read_to_end();
    };

    EXPECT_THAT(answer_to("hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer_to("\x16\x03\x01\x02"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer_to("GET / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer_to("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
    EXPECT_THAT(answer_to("GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n"), StartsWith("HTTP/1.1 417 "));
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerTest, LimitsTheHead) {
    auto const port = start({.head_bytes = 1000, .header_fields = 10});
    auto const answer_to = [&](std::string const& fields) {
        RawConnection client(port);
        client.send("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
        client.finish_sending();
        return client.read_to_end();
    };
    std::string ten_fields;
    for (int i = 0; i < 10; ++i)
        ten_fields += "a: b\r\n";

    EXPECT_THAT(answer_to("a: " + std::string(900, 'x') + "\r\n"), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer_to("a: " + std::string(1000, 'x') + "\r\n"), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(answer_to(ten_fields.substr(6)), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(answer_to(ten_fields), StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, TurnsAwayConnectionsBeyondItsLimit) {
    auto const port = start({.connections = 1});
    RawConnection first(port);
    first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    first.read_answer();

    RawConnection second(port);
    EXPECT_THAT(second.read_to_end(), StartsWith("HTTP/1.1 503 "));
    first.send("GET /still HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(first.read_answer(), EndsWith("GET /still"));
}

TEST_F(ServerTest, CutsSilentAndSlowClients) {
    using std::chrono::seconds;
    auto const port = start({.idle = seconds(0), .head = seconds(0), .body_stall = seconds(0)});
    RawConnection silent(port);
    EXPECT_TRUE(silent.is_closed_by_peer());

    RawConnection slow_head(port);
    slow_head.send("GET / HTTP/1.1\r\nHo");
    EXPECT_THAT(slow_head.read_to_end(), StartsWith("HTTP/1.1 408 "));

    RawConnection slow_body(port);
    slow_body.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_THAT(slow_body.read_to_end(), StartsWith("HTTP/1.1 408 "));
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerTest, CutsABodyThatKeepsComingButTooSlowly) {
    using std::chrono::seconds;
    RawConnection drip(start({.body = seconds(0), .body_bytes_per_second = 1000}));
    drip.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");

    EXPECT_THAT(drip.read_to_end(), StartsWith("HTTP/1.1 408 "));
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerTest, GivesABodyMoreTimeForEveryByteThatHasCome) {
    using std::chrono::seconds;
    RawConnection steady(start({.body = seconds(0), .body_bytes_per_second = 1}));
    std::string const half(20'000, 'x');
    steady.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000\r\n\r\n" + half);
    // Longer than a client without credit gets.
    std::this_thread::sleep_for(std::chrono::seconds{1});
    steady.send(half);

    EXPECT_THAT(steady.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, CutsAClientThatDoesNotReadItsAnswer) {
    auto const file = folder_.make_file(std::string(64 << 20, 'x'));
    std::weak_ptr<FileHandle const> const watched = file;
    service_.on_answer = [held = file](Request const&) mutable {
        return Response{.slices = {{std::exchange(held, nullptr), 0, 64 << 20}}};
    };
    RawConnection client(start({.body_stall = std::chrono::seconds(0)}));
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

    EXPECT_TRUE(testing::eventually([&] { return service_.answers == 1 && watched.use_count() == 1; }));
    EXPECT_LT(client.read_to_end().size(), 64U << 20U);
}

TEST_F(ServerTest, ServesSeveralPortsWithTheirServices) {
    auto const port = start();
    testing::ScriptedService other;
    testing::make_echo(other, folder_.path());
    other.on_answer = [](Request const&) { return Response{.text = "other"}; };
    auto const other_port = server_->listen("localhost", 0, other);

    RawConnection first(port);
    first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    RawConnection second(other_port);
    second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(first.read_answer(), EndsWith("\r\n\r\nGET /"));
    EXPECT_THAT(second.read_answer(), EndsWith("\r\n\r\nother"));
    server_->stop(std::chrono::milliseconds(0));
}

TEST_F(ServerTest, SaysWhichAddressCannotBeHad) {
    auto const port = start();
    try {
        server_->listen("127.0.0.1", port, service_);
        FAIL() << "the port is taken";
    } catch (std::system_error const& error) {
        EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(port)));
        EXPECT_EQ(error.code(), std::errc::address_in_use);
    }
}

TEST_F(ServerTest, TellsTheServiceWhoAsks) {
    service_.on_answer = [](Request const& request) {
        return Response{.text = request.peer_address + " " + std::string(request.host())};
    };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nhost: there:81\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("127.0.0.1 there:81"));
}

TEST_F(ServerTest, StopsAtOnceWithIdleConnections) {
    auto const port = start();
    RawConnection idle(port);
    RawConnection used(port);
    used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    used.read_answer();
    RawConnection half(port);
    half.send("GET / HT");

    auto const begin = std::chrono::steady_clock::now();
    server_->stop(std::chrono::seconds(60));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
    EXPECT_TRUE(idle.is_closed_by_peer());
    EXPECT_TRUE(used.is_closed_by_peer());
    EXPECT_TRUE(half.is_closed_by_peer());
}

TEST_F(ServerTest, ClosesConnectionsThatItIsJustAccepting) {
    for (int round = 0; round < 50; ++round) {
        auto const port = start();
        std::list<RawConnection> clients;
        for (int i = 0; i < 4; ++i)
            clients.emplace_back(port);
        server_->stop(std::chrono::milliseconds(0));
        for (auto& client : clients)
            ASSERT_TRUE(client.is_closed_by_peer());
    }
    EXPECT_THROW(server_->listen("127.0.0.1", 0, service_), std::logic_error);
}

TEST_F(ServerTest, FinishesAnAnswerThatIsBeingWrittenWhenStopped) {
    auto const content = testing::pattern_bytes(32 << 20);
    auto const file = folder_.make_file(content);
    service_.on_answer = [&](Request const&) { return Response{.slices = {{file, 0, content.size()}}}; };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    auto answer = client.read_until("\r\n\r\n");

    std::jthread const stopper([&] { server_->stop(std::chrono::seconds(60)); });
    EXPECT_TRUE(client.read_exactly(content.size()) == content);
    EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(ServerTest, CutsAnAnswerThatOutlastsTheGrace) {
    auto const file = folder_.make_file(std::string(32 << 20, 'x'));
    service_.on_answer = [&](Request const&) { return Response{.slices = {{file, 0, 32 << 20}}}; };
    RawConnection client(start());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    client.read_until("\r\n\r\n");

    server_->stop(std::chrono::milliseconds(50));
    EXPECT_LT(client.read_to_end().size(), 32U << 20U);
}

}  // namespace
}  // namespace bluebatch::http
