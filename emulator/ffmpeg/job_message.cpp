#include "emulator/ffmpeg/job_message.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace bluebatch::emulator::ffmpeg {
namespace {

// Below the least size of a socket's buffer; a task's command line has at most 8 KiB.
constexpr std::size_t kLargestMessage = std::size_t{128} * 1024;
constexpr std::size_t kDescriptors = 3;

struct alignas(cmsghdr) ControlBuffer {
    std::array<char, CMSG_SPACE(sizeof(int) * kDescriptors)> bytes{};
};

// Each text ends with a zero; none can hold one.
std::string encode(JobMessage const& message) {
    std::string bytes(1, static_cast<char>(message.kind));
    bytes += message.working_directory;
    bytes += '\0';
    for (std::string const& argument : message.arguments) {
        bytes += argument;
        bytes += '\0';
    }
    return bytes;
}

JobMessage decode(std::string_view bytes) {
    JobMessage message{.kind = static_cast<JobKind>(bytes.front()), .working_directory = {}, .arguments = {}};
    bytes.remove_prefix(1);
    bool first = true;
    while (!bytes.empty()) {
        std::size_t const end = bytes.find('\0');
        std::string text(bytes.substr(0, end));
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
        if (std::exchange(first, false))
            message.working_directory = std::move(text);
        else
            message.arguments.push_back(std::move(text));
    }
    return message;
}

ssize_t receive(int socket, msghdr& header) {
    ssize_t received = 0;
    do {
        received = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    return received;
}

}  // namespace

bool send_job(int control, JobMessage const& message, std::array<int, 3> const& descriptors) {
    std::string bytes = encode(message);
    if (bytes.size() > kLargestMessage) return false;
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    ControlBuffer control_buffer;
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control_buffer.bytes.data();
    header.msg_controllen = control_buffer.bytes.size();
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * kDescriptors);
    std::memcpy(CMSG_DATA(rights), descriptors.data(), sizeof(int) * kDescriptors);
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(control, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(bytes.size());
}

std::optional<ReceivedJob> receive_job(int control) {
    std::string bytes(kLargestMessage, '\0');
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    ControlBuffer control_buffer;
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control_buffer.bytes.data();
    header.msg_controllen = control_buffer.bytes.size();
    ssize_t const received = receive(control, header);
    if (received <= 0) return std::nullopt;
    cmsghdr const* const rights = CMSG_FIRSTHDR(&header);
    if (rights == nullptr || rights->cmsg_len != CMSG_LEN(sizeof(int) * kDescriptors)) return std::nullopt;
    std::array<int, kDescriptors> descriptors{};
    std::memcpy(descriptors.data(), CMSG_DATA(rights), sizeof(int) * kDescriptors);
    return ReceivedJob{
        .message = decode(std::string_view(bytes).substr(0, static_cast<std::size_t>(received))),
        .reply = base::UniqueDescriptor(descriptors[0]),
        .standard_output = base::UniqueDescriptor(descriptors[1]),
        .standard_error = base::UniqueDescriptor(descriptors[2])};
}

void send_reply(int socket, JobReply const& reply) {
    std::string bytes(1 + sizeof reply.status, static_cast<char>(reply.kind));
    std::memcpy(bytes.data() + 1, &reply.status, sizeof reply.status);
    bytes += reply.text;
    // Whoever asked may have gone: then there is nobody to tell.
    [[maybe_unused]] ssize_t const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::optional<JobReply> receive_reply(int socket) {
    std::array<char, 1024> bytes{};
    ssize_t received = 0;
    do {
        received = ::recv(socket, bytes.data(), bytes.size(), 0);
    } while (received < 0 && errno == EINTR);
    constexpr std::size_t kHead = 1 + sizeof(std::int32_t);
    if (received < static_cast<ssize_t>(kHead)) return std::nullopt;
    JobReply reply;
    reply.kind = static_cast<ReplyKind>(bytes[0]);
    std::memcpy(&reply.status, bytes.data() + 1, sizeof reply.status);
    reply.text.assign(bytes.data() + kHead, static_cast<std::size_t>(received) - kHead);
    return reply;
}

}  // namespace bluebatch::emulator::ffmpeg
