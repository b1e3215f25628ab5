// What both clients promise: the same tests over a socket and without one.
#include "shared/http/client.hpp"

#include "shared/base/digest.hpp"
#include "shared/http/local_client.hpp"
#include "tests/unit/shared/http/support.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace bluebatch::http {
namespace {

using ::testing::HasSubstr;

enum class Way : std::uint8_t { network, local };

class ClientTest : public ::testing::TestWithParam<Way> {
protected:
    ClientTest() {
        testing::make_echo(service_, folder_.path());
        auto const port = server_.listen("127.0.0.1", 0, service_);
        url_ = "http://127.0.0.1:" + std::to_string(port);
        client_ = GetParam() == Way::network ? make_network_client({}) : make_local_client(service_);
    }

    auto send(OutgoingRequest const& request, BodySink const& sink = {}) {
        return client_->send(request, sink, std::stop_token{});
    }

    testing::FixedClock clock_;
    testing::TemporaryFolder folder_;
    testing::ScriptedService service_;
    Server server_{clock_, {}, 2};
    std::string url_;
    std::unique_ptr<Client> client_;
};

std::string name_of(::testing::TestParamInfo<Way> const& way) {
    return way.param == Way::network ? "Network" : "Local";
}

INSTANTIATE_TEST_SUITE_P(Clients, ClientTest, ::testing::Values(Way::network, Way::local), name_of);

TEST_P(ClientTest, SendsHeadAndReturnsAnswer) {
    RequestHead seen;
    service_.on_answer = [&](Request request) {
        seen = std::move(request);
        return Response{.status = 201, .headers = {{"ETag", "\"1\""}, {"x-ms-a", ""}}, .text = "made"};
    };
    auto const answer = send(
        {.verb = Verb::post,
         .url = url_ + "/a%2Fb/../c?x=%20y",
         .headers = {{"x-ms-version", "1"}, {"empty", ""}}}
    );

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "made");
    EXPECT_EQ(answer->headers.get("etag"), "\"1\"");
    EXPECT_EQ(answer->headers.get("Content-Length"), "4");
    EXPECT_TRUE(answer->headers.has("x-ms-a"));
    EXPECT_EQ(seen.verb, Verb::post);
    EXPECT_EQ(seen.path, "/a%2Fb/../c");
    EXPECT_EQ(seen.find_query("x"), " y");
    EXPECT_EQ(seen.headers.get("x-ms-version"), "1");
    EXPECT_TRUE(seen.headers.has("empty"));
    EXPECT_EQ("http://" + std::string(seen.host()), url_);
    EXPECT_EQ(seen.content_length, 0U);
    EXPECT_EQ(seen.headers.get("Content-Length"), "0");
    EXPECT_EQ(seen.peer_address, "127.0.0.1");
}

TEST_P(ClientTest, SendsEveryVerb) {
    service_.on_answer = [](Request const& request) {
        return Response{.headers = {{"Verb", request.method}}, .text = "body"};
    };
    for (auto const verb :
         {Verb::get,
          Verb::head,
          Verb::put,
          Verb::post,
          Verb::remove,
          Verb::patch,
          Verb::options,
          Verb::merge}) {
        auto const answer = send({.verb = verb, .url = url_ + "/"});
        ASSERT_TRUE(answer) << to_string(verb);
        EXPECT_EQ(answer->headers.get("Verb"), to_string(verb));
        EXPECT_EQ(answer->headers.get("Content-Length"), "4");
        EXPECT_EQ(answer->body, verb == Verb::head ? "" : "body");
    }
    EXPECT_FALSE(send({.verb = Verb::other, .url = url_ + "/"}).has_value() && GetParam() == Way::network);
}

TEST_P(ClientTest, SendsTextAndSlicesOfFiles) {
    auto const content = testing::pattern_bytes(3 << 20);
    auto const file = folder_.make_file(content);
    std::string taken;
    std::optional<base::Md5Digest> md5;
    service_.on_admit = [&](RequestHead const&) {
        return BodyPlan{
            .limit = 8 << 20, .memory_limit = 100, .digest_md5 = true, .spool_folder = folder_.path()};
    };
    service_.on_answer = [&](Request const& request) {
        taken = request.body.file ? testing::read_file(request.body.file->path()) : request.body.bytes;
        md5 = request.body.md5;
        EXPECT_EQ(request.body.size, taken.size());
        return Response{};
    };

    ASSERT_TRUE(send({.verb = Verb::put, .url = url_, .body = "small"}));
    EXPECT_EQ(taken, "small");
    EXPECT_EQ(md5, base::md5("small"));
    ASSERT_TRUE(send({.verb = Verb::put, .url = url_, .body = content}));
    EXPECT_TRUE(taken == content);
    EXPECT_EQ(md5, base::md5(content));
    ASSERT_TRUE(send({.verb = Verb::put, .url = url_, .body = FileSlice{file, 1000, 50}}));
    EXPECT_TRUE(taken == content.substr(1000, 50));
    ASSERT_TRUE(send({.verb = Verb::put, .url = url_, .body = FileSlice{file, 1000, 2 << 20}}));
    EXPECT_TRUE(taken == content.substr(1000, 2 << 20));
    EXPECT_EQ(md5, base::md5(content.substr(1000, 2 << 20)));
}

TEST_P(ClientTest, HandsTheBodyOfASuccessToItsSink) {
    auto const content = testing::pattern_bytes(3 << 20);
    auto const file = folder_.make_file(content);
    service_.on_answer = [&](Request const& request) {
        Response response{.status = request.path == "/missing" ? 404 : 206, .text = "text"};
        response.slices = {{file, 10, 2 << 20}};
        return response;
    };
    std::string taken;
    auto const sink = [&](std::span<std::byte const> bytes) {
        taken.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        return true;
    };

    auto const answer = send({.url = url_ + "/there"}, sink);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "");
    EXPECT_TRUE(taken == "text" + content.substr(10, 2 << 20));

    taken.clear();
    auto const missing = send({.url = url_ + "/missing"}, sink);
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->status, 404);
    EXPECT_EQ(taken, "");
    EXPECT_TRUE(missing->body == ("text" + content.substr(10)).substr(0, kMostErrorBody));
}

TEST_P(ClientTest, IsCancelledByItsSink) {
    auto const answer = send({.url = url_ + "/"}, [](std::span<std::byte const>) { return false; });
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, TransportFault::cancelled);
}

TEST_P(ClientTest, IsCancelledByItsStopToken) {
    std::stop_source stop;
    stop.request_stop();
    auto const answer = client_->send({.url = url_ + "/"}, {}, stop.get_token());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, TransportFault::cancelled);
}

TEST_P(ClientTest, ReturnsTheAnswerToARefusedBody) {
    auto const answer = send({.verb = Verb::put, .url = url_, .body = std::string((64 << 20) + 1, 'x')});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 413);

    service_.on_admit = [](RequestHead const&) { return Response{.status = 403, .text = "no"}; };
    auto const refused = send({.verb = Verb::put, .url = url_, .body = std::string(5 << 20, 'x')});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 403);
    EXPECT_EQ(refused->body, "no");
}

TEST_P(ClientTest, Returns500ForAnExceptionOfTheService) {
    service_.on_answer = [](Request const&) -> Response { throw std::runtime_error("boom"); };
    auto const answer = send({.url = url_ + "/"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500);
}

TEST_P(ClientTest, RefusesABodyTooLargeForMemory) {
    auto const file = folder_.make_file(std::string((64 << 20) + 1, 'x'));
    service_.on_answer = [&](Request const&) { return Response{.slices = {{file, 0, (64 << 20) + 1}}}; };
    auto const answer = send({.url = url_ + "/"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, TransportFault::other);
    EXPECT_THAT(answer.error().message, HasSubstr("too large"));
}

TEST(AskAService, GivesTheSlicesOfTheAnswerAway) {
    testing::TemporaryFolder const folder;
    testing::ScriptedService service;
    testing::make_echo(service, folder.path());
    auto const file = folder.make_file("0123456789");
    service.on_answer = [&](Request const&) { return Response{.slices = {{file, 3, 4}}}; };

    auto const response = ask(service, {.url = "https://account.blob.localhost/c/b"});
    ASSERT_EQ(response.slices.size(), 1U);
    EXPECT_EQ(response.slices[0].offset, 3U);
    EXPECT_EQ(ask(service, {.url = "not a url"}).status, 400);
}

}  // namespace
}  // namespace bluebatch::http
