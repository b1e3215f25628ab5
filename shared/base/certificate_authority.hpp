#pragma once

#include "shared/base/certified_key.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::base {

// What an authority may certify, and nothing else: clients that trust it need not fear for other hosts.
struct PermittedHosts {
    std::vector<std::string> domains = {};    // each with all names below it
    std::vector<std::string> addresses = {};  // "127.0.0.1", or with a mask "127.0.0.0/255.0.0.0"
};

// Makes certificates for servers. All keys are on the curve P-256. Everything is good from a day before it is
// made, because clocks of two machines differ.
class CertificateAuthority {
public:
    static constexpr std::chrono::days kLifetime{3650};
    // Clients take no longer one from a server.
    static constexpr std::chrono::days kLongestOfServer{398};

    // A new authority with a key of its own. Throws std::invalid_argument when a host is none.
    static CertificateAuthority make(PermittedHosts const& hosts, TimePoint now);
    // What certificate_pem() and private_key_pem() wrote.
    static Result<CertificateAuthority> parse(std::string_view certificate, std::string_view private_key);

    std::string certificate_pem() const { return certificates_to_pem(own_); }
    std::string private_key_pem() const { return private_key_to_pem(own_); }
    TimePoint expires() const { return own_.expires(); }

    // A new key with a certificate for these names and addresses. Fails when one of them is not permitted.
    Result<CertifiedKey> issue(std::vector<std::string> const& hosts, TimePoint now) const;

private:
    explicit CertificateAuthority(CertifiedKey own) : own_(std::move(own)) {}

    CertifiedKey own_;
};

// Four numbers with points between them, or what inet_pton(3) takes for IPv6.
bool is_ip_address(std::string_view text);

}  // namespace bluebatch::base
