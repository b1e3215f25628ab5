#include "shared/http/stream.hpp"

#include "shared/http/uninterrupted.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace bluebatch::http {

namespace {

// Longer pieces of files leave in whole segments, which wakes the reader less often; the price is two calls.
constexpr std::uint64_t kCorkedFrom = 256 << 10;

IoResult fault_of(int error, Io wait) {
    bool const would_block = error == EAGAIN;  // EWOULDBLOCK is the same on Linux
    return {would_block ? wait : Io::failed, 0};
}

}  // namespace

IoResult PlainStream::read(std::span<char> into) {
    auto const count = uninterrupted([&] { return ::recv(socket_, into.data(), into.size(), 0); });
    drained_ = count < static_cast<::ssize_t>(into.size());
    if (count > 0) return {Io::moved, static_cast<std::size_t>(count)};
    if (count == 0) return {Io::ended, 0};
    return fault_of(errno, Io::wait_readable);
}

IoResult PlainStream::write(std::span<::iovec const> pieces, More more) {
    ::msghdr message{};
    message.msg_iov = const_cast<::iovec*>(pieces.data());
    message.msg_iovlen = pieces.size();
    int const flags = MSG_NOSIGNAL | (more == More::follows ? MSG_MORE : 0);
    auto const count = uninterrupted([&] { return ::sendmsg(socket_, &message, flags); });
    if (count >= 0) return {Io::moved, static_cast<std::size_t>(count)};
    return fault_of(errno, Io::wait_writable);
}

IoResult PlainStream::send_file(FileSlice const& slice, std::size_t most) {
    auto offset = static_cast<::off_t>(slice.offset);
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(slice.length, most));
    int const file = slice.file->descriptor();
    if (slice.length > kCorkedFrom) cork(true);
    auto const count = uninterrupted([&] { return ::sendfile(socket_, file, &offset, size); });
    if (std::cmp_equal(count, slice.length)) cork(false);
    if (count > 0) return {Io::moved, static_cast<std::size_t>(count)};
    if (count == 0) return {Io::failed, 0};
    return fault_of(errno, Io::wait_writable);
}

void PlainStream::cork(bool wanted) {
    if (is_corked_ == wanted) return;
    int const value = wanted ? 1 : 0;
    is_corked_ = ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &value, sizeof value) == 0 && wanted;
}

void PlainStream::finish() {
    ::shutdown(socket_, SHUT_WR);
}

}  // namespace bluebatch::http
