#include "emulator/ffmpeg/job_message.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

namespace bluebatch::emulator::ffmpeg {
namespace {

struct Sockets {
    Sockets() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
        left = base::UniqueDescriptor(ends[0]);
        right = base::UniqueDescriptor(ends[1]);
    }
    base::UniqueDescriptor left;
    base::UniqueDescriptor right;
};

TEST(JobMessage, ArrivesWithItsDescriptors) {
    Sockets sockets;
    JobMessage const sent{JobKind::convert, "/wd", {"-i", "in put.mp4", "", "out.mp3"}};

    ASSERT_TRUE(send_job(sockets.left.get(), sent, {0, 1, 2}));
    auto const received = receive_job(sockets.right.get());

    ASSERT_TRUE(received);
    EXPECT_EQ(received->message.kind, JobKind::convert);
    EXPECT_EQ(received->message.working_directory, "/wd");
    EXPECT_EQ(received->message.arguments, sent.arguments);
    EXPECT_GE(received->reply.get(), 0);
    EXPECT_GE(received->standard_error.get(), 0);
}

TEST(JobMessage, IsRefusedWhenLargerThanACommandLineCanBe) {
    Sockets sockets;

    EXPECT_FALSE(send_job(sockets.left.get(), {JobKind::convert, "/", {std::string(200'000, 'x')}}, {0, 1, 2})
    );
}

TEST(JobMessage, ReportsThatTheOtherSideIsGone) {
    Sockets sockets;
    sockets.left.close();

    EXPECT_FALSE(receive_job(sockets.right.get()));
    EXPECT_FALSE(send_job(sockets.right.get(), {JobKind::check, "/", {}}, {0, 1, 2}));
    EXPECT_FALSE(receive_reply(sockets.right.get()));
}

TEST(JobReply, CarriesStatusAndText) {
    Sockets sockets;

    send_reply(sockets.left.get(), {.kind = ReplyKind::done, .status = -9, .text = "pass"});
    auto const reply = receive_reply(sockets.right.get());

    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, -9);
    EXPECT_EQ(reply->text, "pass");
}

}  // namespace
}  // namespace bluebatch::emulator::ffmpeg
