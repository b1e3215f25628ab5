#pragma once

#include "shared/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

struct iovec;

namespace bluebatch::http {

// What became of an attempt to move bytes without waiting.
enum class Io : std::uint8_t {
    moved,          // some bytes
    wait_readable,  // none now: try again when the socket is readable
    wait_writable,  // none now: try again when the socket is writable
    ended,          // the peer has sent everything it will
    failed,         // the connection is of no more use
};

struct IoResult {
    Io state = Io::failed;
    std::size_t bytes = 0;
};

enum class More : std::uint8_t { no, follows };

// The bytes of a connection, in the manner of non-blocking sockets. It is all a session knows of its
// transport, so one over TLS can stand in its place: that one may ask for either direction from either call.
// Used by one thread at a time.
class Stream {
public:
    virtual ~Stream() = default;
    // To be called until it says `moved`; from then on bytes can be read and written.
    virtual IoResult open() { return {Io::moved, 0}; }
    virtual IoResult read(std::span<char> into) = 0;
    // True when the last read emptied what has arrived, so that waiting is cheaper than trying again.
    virtual bool drained() const = 0;
    virtual IoResult write(std::span<::iovec const> pieces, More more) = 0;
    // Sends at most `most` bytes of a slice that is not empty. A file shorter than its slice is a failure.
    virtual IoResult send_file(FileSlice const& slice, std::size_t most) = 0;
    // Tells the peer that nothing more will be sent.
    virtual void finish() = 0;
};

// Straight to a non-blocking TCP socket that somebody else owns. The calling thread must have SIGPIPE blocked
// or ignored, because sendfile(2) can't be told to leave it out.
class PlainStream final : public Stream {
public:
    explicit PlainStream(int socket) : socket_(socket) {}
    IoResult read(std::span<char> into) override;
    bool drained() const override { return drained_; }
    IoResult write(std::span<::iovec const> pieces, More more) override;
    IoResult send_file(FileSlice const& slice, std::size_t most) override;
    void finish() override;

private:
    void cork(bool wanted);

    int socket_;
    bool drained_ = false;
    bool is_corked_ = false;  // segments wait until they are full
};

}  // namespace bluebatch::http
