// How the server takes bodies of requests.
#include "shared/base/digest.hpp"
#include "shared/http/server.hpp"
#include "tests/unit/shared/http/support.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>
#include <vector>

namespace bluebatch::http {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawConnection;
using ::testing::StartsWith;

class ServerBodiesTest : public ::testing::Test {
protected:
    ServerBodiesTest() { testing::make_echo(service_, folder_.path()); }

    std::uint16_t start() { return server_.listen("127.0.0.1", 0, service_); }

    static std::string put_head(std::size_t length, std::string_view fields = {}) {
        return "PUT /p HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n" +
               std::string(fields) + "\r\n";
    }

    void refuse_everything() {
        service_.on_admit = [](RequestHead const&) { return Response{.status = 403, .text = "no"}; };
    }

    testing::FixedClock clock_;
    testing::TemporaryFolder folder_;
    testing::ScriptedService service_;
    Server server_{clock_, {}, 2};
};

TEST_F(ServerBodiesTest, KeepsASmallBodyInMemoryAndALargeOneInAFile) {
    auto const content = testing::pattern_bytes(3'000'000);
    Body taken;
    std::string from_file;
    service_.on_admit = [&](RequestHead const&) {
        return BodyPlan{
            .limit = 3'000'000, .memory_limit = 1000, .digest_md5 = true, .spool_folder = folder_.path()};
    };
    service_.on_answer = [&](Request request) {
        taken = std::move(request.body);
        if (taken.file) from_file = testing::read_file(taken.file->path());
        return Response{};
    };
    RawConnection client(start());

    client.send(put_head(1000) + content.substr(0, 1000));
    client.read_answer();
    EXPECT_FALSE(taken.file);
    EXPECT_EQ(taken.bytes, content.substr(0, 1000));
    EXPECT_EQ(taken.md5, base::md5(content.substr(0, 1000)));

    client.send(put_head(content.size()) + content);
    client.read_answer();
    ASSERT_TRUE(taken.file);
    EXPECT_EQ(taken.size, content.size());
    EXPECT_TRUE(from_file == content);
    EXPECT_EQ(taken.md5, base::md5(content));

    taken = {};
    EXPECT_EQ(folder_.file_count(), 0U);
}

TEST_F(ServerBodiesTest, DigestsManyBodiesAtOnceEachByItself) {
    service_.on_admit = [&](RequestHead const&) {
        return BodyPlan{
            .limit = 3'000'000, .memory_limit = 1000, .digest_md5 = true, .spool_folder = folder_.path()};
    };
    service_.on_answer = [](Request const& request) {
        Response response;
        response.text = base::to_base64(*request.body.md5);
        return response;
    };
    auto const port = start();
    auto const content = testing::pattern_bytes(1'500'000);
    auto const upload = [&](std::size_t number) {
        RawConnection client(port);
        for (int round = 0; round < 3; ++round) {
            auto const body = content.substr(1009 * number, 1'000'000 + 31'337 * number);
            client.send(put_head(body.size()) + body);
            EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\n" + base::to_base64(base::md5(body))));
        }
        // One that is cut off leaves the others alone.
        client.send(put_head(content.size()) + content.substr(0, 600'000 + 64 * number));
    };
    {
        std::vector<std::jthread> clients;
        for (std::size_t number = 0; number < 12; ++number)
            clients.emplace_back(upload, number);
    }
    EXPECT_TRUE(testing::eventually([&] { return folder_.file_count() == 0; }));
}

TEST_F(ServerBodiesTest, TakesChunkedBodies) {
    RawConnection client(start());
    std::string const head = "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    client.send(head + "3\r\nabc\r\n4;name=value\r\ndefg\r\n0\r\nTrailer: ignored\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST /c abcdefg"));
    client.send(head + "0\r\n\r\n" + head + "1\r\nx\r\n0\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST /c"));
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST /c x"));

    std::string many = head;
    for (int i = 0; i < 100; ++i)
        many += "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    client.send(many + "0\r\n\r\n");
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST /c 6553600"));
}

TEST_F(ServerBodiesTest, TakesAChunkedBodyThatComesByteByByte) {
    RawConnection client(start());
    std::string const request =
        "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
    for (char const byte : request)
        client.send({&byte, 1});
    EXPECT_THAT(client.read_answer(), EndsWith("POST /c abcd"));
}

TEST_F(ServerBodiesTest, RefusesABrokenChunk) {
    RawConnection client(start());
    client.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc");
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 400 "));

    RawConnection endless(server_.listen("127.0.0.1", 0, service_));
    endless.send(
        "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200'000, 'a')
    );
    EXPECT_THAT(endless.read_to_end(), StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerBodiesTest, SaysContinueOnlyOnceTheBodyIsAdmitted) {
    RawConnection client(start());
    client.send(put_head(5, "Expect: 100-continue\r\n"));
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    EXPECT_THAT(client.read_answer(), EndsWith("PUT /p hello"));

    refuse_everything();
    client.send(put_head(5, "Expect: 100-continue\r\n"));
    EXPECT_THAT(
        client.read_to_end(),
        AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("Connection: close\r\n"), EndsWith("no"))
    );
}

TEST_F(ServerBodiesTest, SkipsContinueForABodyThatIsAlreadyThere) {
    RawConnection client(start());
    client.send(put_head(5, "Expect: 100-continue\r\n") + "hello");
    EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 200 "), EndsWith("PUT /p hello")));
}

TEST_F(ServerBodiesTest, DropsASmallRefusedBodyAndGoesOn) {
    refuse_everything();
    RawConnection client(start());
    auto const request = put_head(500'000) + std::string(500'000, 'x');
    client.send(request + request);

    EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 403 "), EndsWith("no")));
    EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 403 "), EndsWith("no")));
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerBodiesTest, AnswersAClientThatSendsAHugeRefusedBodyBeforeItListens) {
    refuse_everything();
    RawConnection client(start());
    EXPECT_TRUE(client.send(put_head(20'000'000) + std::string(20'000'000, 'x')));
    EXPECT_THAT(client.read_to_end(), AllOf(StartsWith("HTTP/1.1 403 "), HasSubstr("Connection: close\r\n")));
}

TEST_F(ServerBodiesTest, RefusesABodyAboveTheLimitBeforeReadingIt) {
    RawConnection client(start());
    client.send(put_head((64 << 20) + 1));
    EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 413 "), EndsWith("at most 67108864")));
    EXPECT_EQ(folder_.file_count(), 0U);
}

TEST_F(ServerBodiesTest, RefusesAChunkedBodyThatGrowsAboveTheLimit) {
    service_.on_admit = [&](RequestHead const&) {
        return BodyPlan{
            .limit = 100'000, .memory_limit = 1000, .digest_md5 = false, .spool_folder = folder_.path()};
    };
    RawConnection client(start());
    client.send(
        "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
        std::string(0x20000, 'x')
    );
    EXPECT_THAT(client.read_to_end(), AllOf(StartsWith("HTTP/1.1 413 "), EndsWith("at most 100000")));
    EXPECT_EQ(folder_.file_count(), 0U);
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerBodiesTest, RemovesTheSpooledFileOfABodyThatIsCutOff) {
    auto const port = start();
    {
        RawConnection client(port);
        client.send(put_head(10'000'000) + std::string(5'000'000, 'x'));
        EXPECT_TRUE(testing::eventually([&] { return folder_.file_count() == 1; }));
    }
    EXPECT_TRUE(testing::eventually([&] { return folder_.file_count() == 0; }));
    EXPECT_EQ(service_.answers, 0);
}

TEST_F(ServerBodiesTest, Answers500WhenTheSpoolFolderIsGone) {
    testing::make_echo(service_, folder_.path() / "missing");
    RawConnection client(start());
    client.send(put_head(100'000) + std::string(100'000, 'x'));
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 500 "));
}

TEST_F(ServerBodiesTest, LetsTheServiceSayThatABodyCouldNotBeKept) {
    testing::make_echo(service_, folder_.path() / "missing");
    service_.on_failed = [](std::exception const& error) {
        auto const* const failure = dynamic_cast<std::system_error const*>(&error);
        bool const is_missing = failure != nullptr && failure->code().value() == ENOENT;
        return Response{.status = 507, .text = is_missing ? "no folder" : "?"};
    };
    auto const port = start();
    RawConnection known(port);
    known.send(put_head(100'000) + std::string(100'000, 'x'));
    EXPECT_THAT(known.read_to_end(), AllOf(StartsWith("HTTP/1.1 507 "), EndsWith("no folder")));

    RawConnection chunked(port);
    chunked.send(
        "PUT /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" +
        std::string(0x20000, 'x')
    );
    EXPECT_THAT(chunked.read_to_end(), AllOf(StartsWith("HTTP/1.1 507 "), EndsWith("no folder")));

    service_.on_failed = [](std::exception const&) -> Response { throw std::runtime_error("and again"); };
    RawConnection again(port);
    again.send(put_head(100'000) + std::string(100'000, 'x'));
    EXPECT_THAT(again.read_to_end(), StartsWith("HTTP/1.1 500 "));
    EXPECT_EQ(service_.answers, 0);
}

// Peak memory of this process so far.
std::size_t peak_kibibytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
    }
    return 0;
}

TEST_F(ServerBodiesTest, TakesAHugeBodyInBoundedMemory) {
    RawConnection client(start());
    std::string const piece(1 << 20, 'x');
    auto const before = peak_kibibytes();

    client.send(put_head(64 << 20));
    for (int i = 0; i < 64; ++i)
        client.send(piece);

    EXPECT_THAT(client.read_answer(), EndsWith("PUT /p 67108864"));
    EXPECT_LT(peak_kibibytes() - before, 20'000U);
}

}  // namespace
}  // namespace bluebatch::http
