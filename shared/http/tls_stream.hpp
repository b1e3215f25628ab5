#pragma once

#include "shared/http/stream.hpp"
#include "shared/http/tls_context.hpp"

#include <memory>
#include <string_view>

namespace bluebatch::http {

// What a client sends first that speaks TLS; no request of HTTP begins so.
inline constexpr char kFirstByteOfTls = 0x16;

// TLS over a non-blocking TCP socket that somebody else owns. Needs nothing of the thread that calls.
class TlsStream final : public Stream {
public:
    // `first` has been read from the socket already.
    TlsStream(TlsContext& context, int socket, std::string_view first);
    ~TlsStream() override;
    TlsStream(TlsStream const&) = delete;
    TlsStream& operator=(TlsStream const&) = delete;

    // The handshake.
    IoResult open() override;
    IoResult read(std::span<char> into) override;
    bool drained() const override;
    IoResult write(std::span<::iovec const> pieces, More more) override;
    IoResult send_file(FileSlice const& slice, std::size_t most) override;
    void finish() override;

private:
    class Transport;
    IoResult send(std::string_view bytes);
    IoResult obstacle(int result);

    std::unique_ptr<Transport> transport_;
    ssl_st* connection_;
};

}  // namespace bluebatch::http
