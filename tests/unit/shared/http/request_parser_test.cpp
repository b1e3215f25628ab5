#include "shared/http/request_parser.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace bluebatch::http {
namespace {

using Progress = RequestParser::Progress;

class RequestParserTest : public ::testing::Test {
protected:
    Progress feed(std::string_view bytes) {
        auto const room = input_.room();
        std::memcpy(room.data(), bytes.data(), bytes.size());
        input_.commit(bytes.size());
        return parser_.parse_head(input_);
    }

    int status_of(std::string_view request) {
        parser_.reset();
        input_.consume(input_.bytes().size());
        return feed(request) == Progress::refused ? parser_.fault().status : 0;
    }

    InputBuffer input_{8 << 10};
    RequestParser parser_{4 << 10, 100};
};

TEST_F(RequestParserTest, ReadsAHeadAndLeavesWhatFollows) {
    EXPECT_EQ(feed("PUT /a%20b?c=d HTTP/1.1\r\nHost: h\r\nX-A:  one \r\n"), Progress::needs_more);
    EXPECT_EQ(feed("x-a: two\r\nContent-Length: 3\r\n\r\nabcGET"), Progress::complete);

    auto const& head = parser_.head();
    EXPECT_EQ(head.verb, Verb::put);
    EXPECT_EQ(head.method, "PUT");
    EXPECT_EQ(head.path, "/a%20b");
    EXPECT_EQ(head.find_query("c"), "d");
    EXPECT_EQ(head.headers.get("X-A"), "one");
    EXPECT_EQ(head.content_length, 3U);
    EXPECT_TRUE(parser_.keep_alive());
    EXPECT_FALSE(parser_.is_chunked());
    EXPECT_EQ(input_.bytes(), "abcGET");
}

TEST_F(RequestParserTest, KeepsMethodsItDoesNotKnow) {
    EXPECT_EQ(feed("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), Progress::complete);
    EXPECT_EQ(parser_.head().verb, Verb::other);
    EXPECT_EQ(parser_.head().method, "BREW");
}

TEST_F(RequestParserTest, RefusesAmbiguousLengths) {
    auto const with = [&](std::string const& fields) {
        return status_of("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
    };
    EXPECT_EQ(with("Content-Length: 1\r\nContent-Length: 1\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 1\r\nContent-Length: 2\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 1, 1\r\n"), 400);
    EXPECT_EQ(with("Content-Length: +1\r\n"), 400);
    EXPECT_EQ(with("Content-Length: -1\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 0x1\r\n"), 400);
    EXPECT_EQ(with("Content-Length:\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 99999999999999999999\r\n"), 400);
    EXPECT_EQ(with("Content-Length : 1\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: gzip, chunked\r\n"), 501);
    EXPECT_EQ(with("Transfer-Encoding: gzip\r\n"), 501);
    EXPECT_EQ(with("Transfer-Encoding: chunked, gzip\r\n"), 501);
    EXPECT_EQ(with("Transfer-Encoding: \vchunked\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: Chunked\r\n"), 0);
    EXPECT_EQ(with("Content-Length: 1\r\n"), 0);
    EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST_F(RequestParserTest, RefusesWhatIsNotHttp) {
    EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: h\n\n"), 400);
    EXPECT_EQ(status_of("GET /\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/x.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), 505);
    EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
    EXPECT_EQ(status_of("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nA B: c\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status_of("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: h\r\nA: " + std::string(1, '\0') + "\r\n\r\n"), 400);
}

TEST_F(RequestParserTest, BoundsAHeadThatComesInPieces) {
    EXPECT_EQ(feed("GET / HTTP/1.1\r\n"), Progress::needs_more);
    auto progress = Progress::needs_more;
    std::size_t fed = 16;
    while (progress == Progress::needs_more && fed < 10'000) {
        progress = feed("a: " + std::string(100, 'x') + "\r\n");
        fed += 105;
    }
    EXPECT_EQ(progress, Progress::refused);
    EXPECT_EQ(parser_.fault().status, 431);
    EXPECT_LT(fed, std::size_t{5} << 10U);
}

TEST_F(RequestParserTest, BoundsEmptyLinesBeforeARequest) {
    std::string lines;
    for (int i = 0; i < 2500; ++i)
        lines += "\r\n";
    EXPECT_EQ(feed(lines), Progress::refused);
    EXPECT_EQ(parser_.fault().status, 431);
}

TEST_F(RequestParserTest, ReadsExpectations) {
    feed("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n\r\n");
    EXPECT_TRUE(parser_.expects_continue());
    EXPECT_FALSE(parser_.has_unknown_expectation());
    parser_.reset();
    feed("PUT / HTTP/1.1\r\nHost: h\r\nExpect: more\r\n\r\n");
    EXPECT_FALSE(parser_.expects_continue());
    EXPECT_TRUE(parser_.has_unknown_expectation());
}

TEST_F(RequestParserTest, TakesTheEndOfAnEmptyBodyByteByByte) {
    ASSERT_EQ(feed("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), Progress::complete);
    std::string body;
    RequestParser::Take const take = [&](std::string_view bytes) {
        body += bytes;
        return true;
    };

    auto progress = Progress::needs_more;
    for (char const byte : std::string_view("0\r\n\r\n")) {
        EXPECT_EQ(progress, Progress::needs_more);
        input_.room().front() = byte;
        input_.commit(1);
        progress = parser_.parse_chunks(input_, take);
    }

    EXPECT_EQ(progress, Progress::complete);
    EXPECT_TRUE(body.empty());
    EXPECT_TRUE(input_.empty());
}

TEST_F(RequestParserTest, HandsChunksOnAndIgnoresTheTrailer) {
    ASSERT_EQ(feed("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), Progress::complete);
    EXPECT_TRUE(parser_.is_chunked());
    std::string taken;
    RequestParser::Take const take = [&](std::string_view bytes) {
        taken += bytes;
        return true;
    };
    auto progress = Progress::needs_more;
    std::string const bytes = "a;x=\"y\"\r\n0123456789\r\n000\r\nHost: evil\r\n\r\nGET";
    for (char const byte : bytes) {
        if (progress != Progress::needs_more) break;
        input_.room().front() = byte;
        input_.commit(1);
        progress = parser_.parse_chunks(input_, take);
    }
    EXPECT_EQ(progress, Progress::complete);
    EXPECT_EQ(taken, "0123456789");
    EXPECT_EQ(parser_.head().headers.get("Host"), "h");
}

}  // namespace
}  // namespace bluebatch::http
