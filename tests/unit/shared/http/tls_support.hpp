#pragma once

#include "shared/base/certificate_authority.hpp"
#include "shared/http/certificate_source.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace bluebatch::http::testing {

// An authority with a certificate for each of its few hosts.
class TestCertificates final : public CertificateSource {
public:
    TestCertificates();
    std::shared_ptr<base::CertifiedKey const> find(std::string_view host) override;
    std::string ca_pem() const { return authority_.certificate_pem(); }

private:
    base::CertificateAuthority authority_;
};

struct TlsClientOptions {
    std::string host = "localhost";  // by SNI, and checked; "": neither
    std::string ca_pem = {};         // empty: any certificate does
    std::string protocols = {};      // for ALPN, each after its length
    int version = 0;                 // the only one; 0: any
};

// A blocking client that speaks bytes over TLS. Reads give up after 20 s.
class TlsClient {
public:
    TlsClient(std::uint16_t port, TlsClientOptions const& options);
    // Owns the socket, too.
    static TlsClient over(int socket, TlsClientOptions const& options) { return {socket, options, 0}; }
    ~TlsClient();
    TlsClient(TlsClient const&) = delete;
    TlsClient& operator=(TlsClient const&) = delete;

    // "" when it went well, else OpenSSL's reason.
    std::string const& handshake_fault() const { return fault_; }
    std::string protocol() const;          // as ALPN has chosen
    std::string certificate_host() const;  // the first of its names

    bool send(std::string_view bytes) const;
    std::string read_until(std::string_view end);
    std::string read_exactly(std::size_t size);
    std::string read_answer();
    // Whether the peer says good-bye, as opposed to being cut off.
    bool ends_politely();
    int socket() const { return socket_; }

private:
    TlsClient(int socket, TlsClientOptions const& options, int);
    bool receive();

    int socket_;
    ssl_ctx_st* context_;
    ssl_st* connection_;
    std::string fault_;
    std::string received_;
};

}  // namespace bluebatch::http::testing
