#include "shared/http/client.hpp"
#include "tests/unit/shared/http/support.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <set>
#include <thread>

namespace bluebatch::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NetworkClientTest : public ::testing::Test {
protected:
    NetworkClientTest() {
        testing::make_echo(service_, folder_.path());
        port_ = server_.listen("127.0.0.1", 0, service_);
        url_ = "http://127.0.0.1:" + std::to_string(port_);
    }

    TransportError failure_of(OutgoingRequest const& request) {
        auto const answer = client_->send(request, {}, std::stop_token{});
        EXPECT_FALSE(answer) << request.url;
        return answer ? TransportError{} : answer.error();
    }

    testing::FixedClock clock_;
    testing::TemporaryFolder folder_;
    testing::ScriptedService service_;
    Server server_{clock_, {}, 2};
    std::uint16_t port_ = 0;
    std::string url_;
    std::unique_ptr<Client> client_ = make_network_client({});
};

TEST_F(NetworkClientTest, NamesTheHostAndNeverTheQuery) {
    server_.stop(std::chrono::milliseconds(0));
    auto const error = failure_of({.url = url_ + "/p?sig=secret"});
    EXPECT_EQ(error.fault, TransportFault::refused);
    EXPECT_THAT(error.message, HasSubstr("127.0.0.1"));
    EXPECT_THAT(error.message, Not(HasSubstr("secret")));

    auto const unknown = failure_of({.url = "http://no-such-host.invalid/?sig=secret"});
    EXPECT_EQ(unknown.fault, TransportFault::unresolved_host);
    EXPECT_THAT(unknown.message, Not(HasSubstr("secret")));
    EXPECT_EQ(failure_of({.url = "ftp://127.0.0.1/"}).fault, TransportFault::bad_url);
    EXPECT_EQ(failure_of({.url = "file:///etc/passwd"}).fault, TransportFault::bad_url);
    EXPECT_EQ(failure_of({.url = url_, .headers = {{"a", "b\r\nc: d"}}}).fault, TransportFault::other);
}

TEST_F(NetworkClientTest, SaysThatTlsFailed) {
    EXPECT_EQ(failure_of({.url = "https://127.0.0.1:" + std::to_string(port_)}).fault, TransportFault::tls);
}

TEST_F(NetworkClientTest, GivesUpOnAServerThatStaysSilent) {
    std::latch done(1);
    service_.on_answer = [&](Request const&) {
        done.wait();
        return Response{};
    };
    auto const error = failure_of({.url = url_ + "/", .stall_timeout = std::chrono::milliseconds(500)});
    done.count_down();
    server_.stop(std::chrono::milliseconds(0));  // nobody waits for the latch any more
    EXPECT_EQ(error.fault, TransportFault::timed_out);
}

TEST_F(NetworkClientTest, StopsSoonWhileItWaits) {
    std::latch done(1);
    std::latch asked(1);
    service_.on_answer = [&](Request const&) {
        asked.count_down();
        done.wait();
        return Response{};
    };
    std::stop_source stop;
    std::chrono::steady_clock::time_point stopped;
    std::jthread const stopper([&] {
        asked.wait();
        stopped = std::chrono::steady_clock::now();
        stop.request_stop();
    });

    auto const answer = client_->send({.url = url_ + "/"}, {}, stop.get_token());
    auto const took = std::chrono::steady_clock::now() - stopped;
    done.count_down();
    server_.stop(std::chrono::milliseconds(0));  // nobody waits for the latch any more
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, TransportFault::cancelled);
    EXPECT_LT(took, std::chrono::milliseconds(900));
}

TEST_F(NetworkClientTest, SaysThatAnAnswerWasCutOff) {
    auto const file = folder_.make_file("short");
    service_.on_answer = [&](Request const&) { return Response{.slices = {{file, 0, 100}}}; };
    EXPECT_EQ(failure_of({.url = url_ + "/"}).fault, TransportFault::interrupted);
}

TEST_F(NetworkClientTest, SaysThatItsOwnFileIsShort) {
    auto const file = folder_.make_file("short");
    auto const error = failure_of({.verb = Verb::put, .url = url_, .body = FileSlice{file, 0, 100}});
    EXPECT_EQ(error.fault, TransportFault::other);
    EXPECT_THAT(error.message, HasSubstr("could not be read"));
}

TEST_F(NetworkClientTest, PassesOnWhatItsSinkThrows) {
    auto const sink = [](std::span<std::byte const>) -> bool { throw std::runtime_error("disk full"); };
    EXPECT_THROW(static_cast<void>(client_->send({.url = url_ + "/"}, sink, {})), std::runtime_error);
}

TEST_F(NetworkClientTest, ServesManyThreadsAndReusesConnections) {
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 50; ++i) {
                auto const path = "/" + std::to_string(thread) + "-" + std::to_string(i);
                auto const answer = client_->send({.url = url_ + path}, {}, {});
                if (answer && answer->body == "GET " + path) ++good;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(good, 400);
}

TEST_F(NetworkClientTest, ConnectsWhereItIsTold) {
    auto const port = std::to_string(port_);
    auto const client = make_network_client({.resolve = {"batch.example.test:443:127.0.0.1:" + port}});
    auto const answer = client->send({.url = "http://batch.example.test:443/x"}, {}, {});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "GET /x");
}

TEST_F(NetworkClientTest, TriesAgainWhenAKeptConnectionHasGone) {
    auto const file = folder_.make_file(testing::pattern_bytes(200'000));
    OutgoingRequest const request{.verb = Verb::put, .url = url_ + "/p", .body = FileSlice{file, 0, 200'000}};
    ASSERT_TRUE(client_->send(request, {}, {}));
    server_.stop(std::chrono::milliseconds(0));
    Server again(clock_, {}, 1);
    again.listen("127.0.0.1", port_, service_);

    auto const answer = client_->send(request, {}, {});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "PUT /p 200000");
}

}  // namespace
}  // namespace bluebatch::http
