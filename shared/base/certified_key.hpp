#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;
struct stack_st_X509;
struct x509_st;

namespace bluebatch::base {

// A private key with its certificate and those that lead from it to an authority: what a server shows.
class CertifiedKey {
public:
    // Takes one reference of each; the chain may be null.
    CertifiedKey(x509_st* certificate, stack_st_X509* chain, evp_pkey_st* key);

    // Of OpenSSL, and this object's own.
    x509_st* certificate() const { return certificate_.get(); }
    stack_st_X509* chain() const { return chain_.get(); }
    evp_pkey_st* key() const { return key_.get(); }

    // The certificate is good until then.
    TimePoint expires() const;
    // Whether the certificate is one for that DNS name or IP address.
    bool names(std::string_view host) const;

private:
    struct Release {
        void operator()(x509_st* certificate) const;
        void operator()(stack_st_X509* chain) const;
        void operator()(evp_pkey_st* key) const;
    };
    std::unique_ptr<x509_st, Release> certificate_;
    std::unique_ptr<stack_st_X509, Release> chain_;
    std::unique_ptr<evp_pkey_st, Release> key_;
};

// Certificates in PEM, that of the key first, and a private key in PEM. An encrypted key needs the password.
// The failure says which of the two is wrong.
Result<CertifiedKey> parse_certified_key(
    std::string_view certificates, std::string_view key, std::string const& password = {}
);

// Certificates and key in one PKCS #12 file (".pfx"), which its owner has given: it is trusted not to ask for
// too many rounds of hashing.
Result<CertifiedKey> parse_certified_pkcs12(std::string_view bytes, std::string const& password);

// PEM.
std::string certificates_to_pem(CertifiedKey const& key);
std::string private_key_to_pem(CertifiedKey const& key);

}  // namespace bluebatch::base
