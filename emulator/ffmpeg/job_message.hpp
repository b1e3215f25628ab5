#pragma once

#include "shared/base/unique_descriptor.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::ffmpeg {

// What the emulator and its transcoding worker say to each other, over sockets that keep message boundaries.
enum class JobKind : std::uint8_t { convert = 'c', check = 'k' };

struct JobMessage {
    JobKind kind = JobKind::convert;
    std::string working_directory;
    std::vector<std::string> arguments;
};

// Three descriptors travel with each job: the socket for its reply, its standard output and its standard
// error. The job is cancelled by closing the other end of the first.
struct ReceivedJob {
    JobMessage message;
    base::UniqueDescriptor reply;
    base::UniqueDescriptor standard_output;
    base::UniqueDescriptor standard_error;
};

// `started` comes first: a worker that dies before it said so has not touched the job, which can go to
// another.
enum class ReplyKind : std::uint8_t { started = 's', done = 'd' };

// The exit code or minus the signal of a conversion; of a check 1 and the name of what is unsupported, or 0.
struct JobReply {
    ReplyKind kind = ReplyKind::done;
    std::int32_t status = 0;
    std::string text;
};

// False when the other side is gone or the message is larger than command lines can be.
bool send_job(int control, JobMessage const& message, std::array<int, 3> const& descriptors);
// nullopt when the other side is gone.
std::optional<ReceivedJob> receive_job(int control);
void send_reply(int socket, JobReply const& reply);
std::optional<JobReply> receive_reply(int socket);

}  // namespace bluebatch::emulator::ffmpeg
