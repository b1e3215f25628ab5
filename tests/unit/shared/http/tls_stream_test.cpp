#include "shared/http/tls_stream.hpp"

#include "tests/unit/shared/http/support.hpp"
#include "tests/unit/shared/http/tls_support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <future>

namespace bluebatch::http {
namespace {

using testing::TlsClient;

// Waits as the stream says, and tries again.
template <class Attempt>
IoResult until_done(int socket, Attempt attempt) {
    for (;;) {
        auto const result = attempt();
        if (result.state != Io::wait_readable && result.state != Io::wait_writable) return result;
        ::pollfd wait{socket, static_cast<short>(result.state == Io::wait_readable ? POLLIN : POLLOUT), 0};
        if (::poll(&wait, 1, 20'000) != 1) return {Io::failed, 0};
    }
}

struct TlsStreamTest : ::testing::Test {
    testing::TestCertificates certificates;
    TlsContext context{certificates};
    std::array<int, 2> ends{};

    TlsStreamTest() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()); }
    ~TlsStreamTest() override { ::close(server()); }
    int server() const { return ends[0]; }

    // The client is let loose on its end; the first bytes are read as a session does before it knows.
    std::unique_ptr<TlsStream> accept() {
        std::string first(200, '\0');
        first.resize(static_cast<std::size_t>(::recv(server(), first.data(), first.size(), 0)));
        EXPECT_EQ(first.front(), kFirstByteOfTls);
        ::fcntl(server(), F_SETFL, O_NONBLOCK);
        auto stream = std::make_unique<TlsStream>(context, server(), first);
        EXPECT_EQ(until_done(server(), [&] { return stream->open(); }).state, Io::moved);
        return stream;
    }

    template <class Talk>
    auto client(Talk talk) {
        return std::async(std::launch::async, [this, talk] {
            auto peer = TlsClient::over(ends[1], {.ca_pem = certificates.ca_pem()});
            EXPECT_EQ(peer.handshake_fault(), "");
            return talk(peer);
        });
    }

    std::string read_all(TlsStream& stream, std::size_t piece) const {
        std::string all;
        std::string room(piece, '\0');
        for (;;) {
            auto const result = until_done(server(), [&] { return stream.read(room); });
            if (result.state != Io::moved) {
                EXPECT_EQ(result.state, Io::ended);
                return all;
            }
            all.append(room, 0, result.bytes);
        }
    }
};

TEST_F(TlsStreamTest, ReadsWhatTheClientSends) {
    auto const content = testing::pattern_bytes(3 << 20);
    auto sent = client([&](TlsClient& peer) {
        bool const is_sent = peer.send(content);
        ::shutdown(peer.socket(), SHUT_WR);
        return is_sent && peer.ends_politely();
    });
    auto const stream = accept();
    EXPECT_TRUE(read_all(*stream, 100'000) == content);
    stream->finish();
    EXPECT_TRUE(sent.get());
}

// A session waits for the socket only when the stream is drained, and the rest of a record is not in the
// socket any more.
TEST_F(TlsStreamTest, IsNotDrainedWhileItHoldsBytesOfARecord) {
    auto const sent = client([&](TlsClient& peer) {
        peer.send("0123456789");
        return peer.read_exactly(2);
    });
    auto const stream = accept();
    std::array<char, 4> room{};
    std::string all;
    for (int i = 0; i < 2; ++i) {
        auto const result = until_done(server(), [&] { return stream->read(room); });
        all.append(room.data(), result.bytes);
        EXPECT_FALSE(stream->drained());
    }
    all.append(room.data(), stream->read(room).bytes);
    EXPECT_EQ(all, "0123456789");
    EXPECT_EQ(stream->read(room).state, Io::wait_readable);
    EXPECT_TRUE(stream->drained());
    ::iovec const done{all.data(), 2};
    EXPECT_EQ(stream->write({&done, 1}, More::no).bytes, 2U);
}

// Small pieces, large pieces and files, to a client that makes the sender wait all the time.
TEST_F(TlsStreamTest, WritesPiecesAndFilesInOrderWhateverTheSocketTakes) {
    testing::TemporaryFolder const folder;
    auto const content = testing::pattern_bytes(2 << 20);
    auto const file = folder.make_file(content);
    std::string const head = "head", tail = testing::pattern_bytes(70'001);
    auto const expected = head + tail + content.substr(7, 1'500'001) + head;
    auto received = client([&](TlsClient& peer) {
        std::string all;
        while (all.size() < expected.size())
            all += peer.read_exactly(std::min<std::size_t>(1000, expected.size() - all.size()));
        return all;
    });
    auto const stream = accept();
    int const small = 4096;
    ::setsockopt(server(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);

    auto const send_text = [&](std::string const& first, std::string const& second) {
        std::size_t sent = 0;
        auto const size = first.size() + second.size();
        while (sent < size) {
            std::array<::iovec, 2> pieces{};
            std::size_t count = 0;
            if (sent < first.size())
                pieces[count++] = {const_cast<char*>(first.data()) + sent, first.size() - sent};
            auto const skip = sent < first.size() ? 0 : sent - first.size();
            if (skip < second.size())
                pieces[count++] = {const_cast<char*>(second.data()) + skip, second.size() - skip};
            auto const result =
                until_done(server(), [&] { return stream->write(std::span(pieces).first(count), More::no); });
            ASSERT_EQ(result.state, Io::moved);
            sent += result.bytes;
        }
    };
    send_text(head, tail);
    FileSlice slice{file, 7, 1'500'001};
    while (slice.length > 0) {
        auto const result = until_done(server(), [&] { return stream->send_file(slice, 1 << 20); });
        ASSERT_EQ(result.state, Io::moved);
        slice.offset += result.bytes;
        slice.length -= result.bytes;
    }
    send_text(head, "");
    EXPECT_TRUE(received.get() == expected);
}

TEST_F(TlsStreamTest, FailsWhenAFileIsShorterThanItsSlice) {
    testing::TemporaryFolder const folder;
    FileSlice const slice{folder.make_file("short"), 0, 10};
    auto const received = client([](TlsClient& peer) { return peer.read_exactly(5); });
    auto const stream = accept();
    EXPECT_EQ(stream->send_file(slice, 5).bytes, 5U);
    EXPECT_EQ(stream->send_file({slice.file, 5, 5}, 5).state, Io::failed);
}

TEST_F(TlsStreamTest, SaysGoodByeAndStillListens) {
    auto polite = client([](TlsClient& peer) {
        bool const ended = peer.ends_politely();
        return ended && peer.send("late");
    });
    auto const stream = accept();
    stream->finish();
    EXPECT_TRUE(polite.get());
    EXPECT_EQ(read_all(*stream, 100), "late");
}

TEST_F(TlsStreamTest, FailsWithoutASignalWhenTheClientIsGone) {
    auto gone = client([](TlsClient&) { return true; });
    auto const stream = accept();
    gone.get();
    std::string text = "text";
    ::iovec const piece{text.data(), text.size()};
    EXPECT_EQ(stream->write({&piece, 1}, More::no).state, Io::failed);
}

}  // namespace
}  // namespace bluebatch::http
