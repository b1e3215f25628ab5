#include "shared/http/tls_stream.hpp"

#include "shared/base/log.hpp"
#include "shared/base/openssl.hpp"
#include "shared/http/uninterrupted.hpp"

#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>

namespace bluebatch::http {

namespace {

constexpr std::size_t kRecordBytes = 16 << 10;
// Of a file at a time; a whole number of records.
constexpr std::size_t kFileBytes = 4 * kRecordBytes;
// Other connections of the thread get their turn after this much.
constexpr std::size_t kMostAtOnce = 1 << 20;

// Bytes on their way to OpenSSL, which takes what it needs before it returns.
std::span<char> scratch() {
    thread_local std::array<char, kFileBytes> bytes;
    return bytes;
}

}  // namespace

// OpenSSL's way to the socket. Its own would let a broken connection raise SIGPIPE, and knows nothing of
// bytes that have been read before.
class TlsStream::Transport {
public:
    Transport(int socket, std::string_view first) : socket_(socket), first_(first) {}

    // Nothing is known to wait in the socket.
    bool is_drained() const { return first_.empty() && is_drained_; }
    int socket() const { return socket_; }

    BIO* make_bio() {
        static BIO_METHOD const* const method = make_method();
        auto* const bio = BIO_new(method);
        if (bio == nullptr) throw std::bad_alloc();
        BIO_set_data(bio, this);
        BIO_set_init(bio, 1);
        return bio;
    }

private:
    static BIO_METHOD const* make_method() {
        auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
        if (method == nullptr) throw std::bad_alloc();
        BIO_meth_set_read(method, [](BIO* bio, char* into, int size) {
            return of(bio).read(bio, into, size);
        });
        BIO_meth_set_write(method, [](BIO* bio, char const* bytes, int size) {
            return of(bio).write(bio, bytes, size);
        });
        BIO_meth_set_ctrl(method, [](BIO* bio, int what, long, void*) -> long {
            if (what == BIO_CTRL_EOF) return of(bio).has_ended_ ? 1 : 0;
            return what == BIO_CTRL_FLUSH ? 1 : 0;
        });
        return method;
    }

    static Transport& of(BIO* bio) { return *static_cast<Transport*>(BIO_get_data(bio)); }

    int read(BIO* bio, char* into, int size) {
        BIO_clear_retry_flags(bio);
        auto const most = static_cast<std::size_t>(size);
        if (!first_.empty()) {
            auto const count = first_.copy(into, most);
            first_.erase(0, count);
            return static_cast<int>(count);
        }
        auto const count = uninterrupted([&] { return ::recv(socket_, into, most, 0); });
        is_drained_ = count < size;
        has_ended_ = count == 0;
        if (count < 0 && errno == EAGAIN) BIO_set_retry_read(bio);
        return static_cast<int>(count);
    }

    int write(BIO* bio, char const* bytes, int size) {
        BIO_clear_retry_flags(bio);
        auto const most = static_cast<std::size_t>(size);
        auto const count = uninterrupted([&] { return ::send(socket_, bytes, most, MSG_NOSIGNAL); });
        if (count < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
        return static_cast<int>(count);
    }

    int socket_;
    std::string first_;
    bool is_drained_ = false;
    bool has_ended_ = false;
};

TlsStream::TlsStream(TlsContext& context, int socket, std::string_view first)
    : transport_(std::make_unique<Transport>(socket, first)), connection_(context.make_connection()) {
    // One for both directions; OpenSSL frees it.
    auto* const bio = transport_->make_bio();
    SSL_set_bio(connection_, bio, bio);
}

TlsStream::~TlsStream() {
    SSL_free(connection_);
}

IoResult TlsStream::obstacle(int result) {
    switch (SSL_get_error(connection_, result)) {
        case SSL_ERROR_WANT_READ:
            return {Io::wait_readable, 0};
        case SSL_ERROR_WANT_WRITE:
            return {Io::wait_writable, 0};
        case SSL_ERROR_ZERO_RETURN:
            return {Io::ended, 0};
        default:
            return {Io::failed, 0};
    }
}

IoResult TlsStream::open() {
    base::OpensslNotes const notes;
    int const result = SSL_do_handshake(connection_);
    if (result == 1) return {Io::moved, 0};
    auto const found = obstacle(result);
    if (found.state == Io::failed)
        base::log::debug("a client's TLS handshake failed: {}", base::OpensslNotes::last());
    return found;
}

IoResult TlsStream::read(std::span<char> into) {
    base::OpensslNotes const notes;
    std::size_t total = 0;
    // Each call gives one record; several may have come.
    do {
        std::size_t count = 0;
        int const result = SSL_read_ex(connection_, into.data() + total, into.size() - total, &count);
        if (result != 1) return total > 0 ? IoResult{Io::moved, total} : obstacle(result);
        total += count;
    } while (total < into.size() && SSL_has_pending(connection_) == 1);
    return {Io::moved, total};
}

bool TlsStream::drained() const {
    return transport_->is_drained() && SSL_has_pending(connection_) == 0;
}

// When OpenSSL says that it must wait, it has taken a record that it goes on with, and wants at least the
// same bytes again: callers begin each call where the last one ended.
IoResult TlsStream::send(std::string_view bytes) {
    base::OpensslNotes const notes;
    std::size_t total = 0;
    while (total < bytes.size()) {
        std::size_t count = 0;
        int const result = SSL_write_ex(connection_, bytes.data() + total, bytes.size() - total, &count);
        if (result != 1) return total > 0 ? IoResult{Io::moved, total} : obstacle(result);
        total += count;
    }
    return {Io::moved, total};
}

IoResult TlsStream::write(std::span<::iovec const> pieces, More) {
    auto const& first = pieces.front();
    if (first.iov_len >= kRecordBytes)
        return send({static_cast<char const*>(first.iov_base), std::min(first.iov_len, kMostAtOnce)});
    // A head and what follows it go out in one record.
    auto const record = scratch().first(kRecordBytes);
    std::size_t size = 0;
    for (auto const& piece : pieces) {
        auto const count = std::min(piece.iov_len, record.size() - size);
        std::memcpy(record.data() + size, piece.iov_base, count);
        size += count;
    }
    return send({record.data(), size});
}

IoResult TlsStream::send_file(FileSlice const& slice, std::size_t most) {
    int const file = slice.file->descriptor();
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(slice.length, most));
    std::size_t total = 0;
    while (total < size) {
        auto const piece = scratch().first(std::min(size - total, kFileBytes));
        auto const offset = static_cast<::off_t>(slice.offset + total);
        auto const count = uninterrupted([&] { return ::pread(file, piece.data(), piece.size(), offset); });
        if (count <= 0) return {Io::failed, 0};
        auto const bytes = static_cast<std::size_t>(count);
        auto const result = send({piece.data(), bytes});
        total += result.bytes;
        if (result.state == Io::moved && result.bytes == bytes) continue;
        return total > 0 ? IoResult{Io::moved, total} : result;
    }
    return {Io::moved, total};
}

void TlsStream::finish() {
    base::OpensslNotes const notes;
    if (SSL_is_init_finished(connection_) == 1) SSL_shutdown(connection_);
    ::shutdown(transport_->socket(), SHUT_WR);
}

}  // namespace bluebatch::http
