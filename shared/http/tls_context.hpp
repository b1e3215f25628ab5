#pragma once

#include "shared/http/certificate_source.hpp"

#include <mutex>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace bluebatch::http {

// What all TLS connections of a server have in common: TLS 1.2 and 1.3, HTTP/1.1 by ALPN, tickets to go on
// with a session without another exchange of keys, and no renegotiation. Thread-safe.
class TlsContext {
public:
    // The source must outlive it.
    explicit TlsContext(CertificateSource& source) : source_(source) {}
    ~TlsContext();
    TlsContext(TlsContext const&) = delete;
    TlsContext& operator=(TlsContext const&) = delete;

    // The server's side of one connection; the caller's to free with SSL_free.
    ssl_st* make_connection();

private:
    CertificateSource& source_;
    std::once_flag made_;  // with the first connection, because it takes OpenSSL a while
    ssl_ctx_st* context_ = nullptr;
};

// Why TLS would not show that certificate, which may be too weak for it; "" when it would.
std::string why_unusable(base::CertifiedKey const& key);

}  // namespace bluebatch::http
