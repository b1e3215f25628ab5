#include "shared/http/response_head.hpp"

#include "tests/unit/shared/http/support.hpp"

#include <gmock/gmock.h>

#include <sys/uio.h>

#include <algorithm>

namespace bluebatch::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Takes at most so many bytes per call and counts the calls.
class SlowStream final : public Stream {
public:
    explicit SlowStream(std::size_t most) : most_(most) {}
    IoResult read(std::span<char>) override { return {Io::wait_readable, 0}; }
    bool drained() const override { return true; }
    IoResult write(std::span<::iovec const> pieces, More more) override {
        ++calls;
        last_more = more;
        std::size_t taken = 0;
        for (auto const& piece : pieces) {
            auto const count = std::min(most_ - taken, piece.iov_len);
            written.append(static_cast<char const*>(piece.iov_base), count);
            taken += count;
        }
        return {Io::moved, taken};
    }
    IoResult send_file(FileSlice const& slice, std::size_t most) override {
        auto const count = std::min({slice.length, std::uint64_t{most}, std::uint64_t{most_}});
        written += "<" + std::to_string(slice.offset) + "+" + std::to_string(count) + ">";
        return {Io::moved, static_cast<std::size_t>(count)};
    }
    void finish() override {}

    std::string written;
    int calls = 0;
    More last_more = More::no;

private:
    std::size_t most_;
};

std::string text_of(Response response, Exchange const& exchange) {
    OutputQueue output;
    queue_response(std::move(response), exchange, testing::FixedClock().now(), output);
    SlowStream stream(1 << 20);
    while (!output.empty())
        output.send(stream);
    return stream.written;
}

TEST(QueueResponse, WritesASmallAnswerInOneCall) {
    OutputQueue output;
    queue_response(Response{.text = "hello"}, {}, testing::FixedClock().now(), output);
    SlowStream stream(1 << 20);
    output.send(stream);
    EXPECT_TRUE(output.empty());
    EXPECT_EQ(stream.calls, 1);
    EXPECT_THAT(stream.written, EndsWith("\r\n\r\nhello"));
}

TEST(QueueResponse, LetsNobodySmuggleAField) {
    auto const text = text_of({.reason = "a\r\nb: c", .headers = {{"x", "1\r\nSet-Cookie: evil\n"}}}, {});
    EXPECT_THAT(text, HasSubstr("x: 1  Set-Cookie: evil \r\n"));
    EXPECT_THAT(text, Not(HasSubstr("\nSet-Cookie")));
    EXPECT_THAT(text, Not(HasSubstr("\nb: c")));
}

TEST(QueueResponse, LeavesOutFieldsThatItWritesItself) {
    auto const text =
        text_of({.headers = {{"content-length", "7"}, {"Date", "x"}, {"Server", "s"}}, .text = "1"}, {});
    EXPECT_THAT(text, HasSubstr("Content-Length: 1\r\n"));
    EXPECT_THAT(text, Not(HasSubstr("content-length")));
    EXPECT_THAT(text, Not(HasSubstr("Date: x")));
    EXPECT_THAT(text, HasSubstr("Server: s\r\n"));
}

TEST(QueueResponse, StatesNoLengthWhereThereIsNone) {
    EXPECT_THAT(text_of({.status = 204, .text = "never"}, {}), Not(HasSubstr("Content-Length")));
    EXPECT_THAT(text_of({.status = 304, .text = "never"}, {}), Not(HasSubstr("Content-Length")));
    EXPECT_THAT(text_of({.status = 304, .content_length = 5}, {}), HasSubstr("Content-Length: 5\r\n"));
    EXPECT_THAT(text_of({.status = 202}, {}), HasSubstr("Content-Length: 0\r\n"));
    EXPECT_THAT(
        text_of({.status = 200, .text = "12", .content_length = 5}, {}), HasSubstr("Content-Length: 2\r\n")
    );
    EXPECT_THAT(text_of({.status = 204, .framing = Framing::chunked}, {}), EndsWith("GMT\r\n\r\n"));
}

TEST(QueueResponse, UsesTheUsualPhraseUnlessGivenOne) {
    EXPECT_THAT(text_of({.status = 409}, {}), HasSubstr("HTTP/1.1 409 Conflict\r\n"));
    EXPECT_THAT(text_of({.status = 409, .reason = "Taken"}, {}), HasSubstr("HTTP/1.1 409 Taken\r\n"));
    EXPECT_THAT(text_of({.status = 299}, {}), HasSubstr("HTTP/1.1 299 \r\n"));
}

TEST(OutputQueueTest, GoesOnWhereAShortWriteStopped) {
    auto const make = [](OutputQueue& output) {
        output.add("first ");
        output.add("");
        output.add("second");
        output.add(FileSlice{nullptr, 100, 5});
        output.add(FileSlice{nullptr, 0, 0});
        output.add("third");
    };
    for (std::size_t most = 1; most < 20; ++most) {
        OutputQueue output;
        make(output);
        SlowStream stream(most);
        output.send(stream);
        EXPECT_EQ(stream.last_more, More::follows);
        while (!output.empty())
            output.send(stream);
        EXPECT_EQ(stream.last_more, More::no);
        auto const slice = most >= 5 ? "<100+5>" : most == 2 ? "<100+2><102+2><104+1>" : "";
        EXPECT_THAT(
            stream.written,
            ::testing::AllOf(HasSubstr(slice), StartsWith("first second<"), EndsWith(">third"))
        );
    }
}

}  // namespace
}  // namespace bluebatch::http
