#include "shared/base/certificate_authority.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/openssl.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <utility>

namespace bluebatch::base {
namespace {

constexpr std::chrono::days kBackdated{1};
constexpr int kSerialBits = 127;  // positive, and no two alike
constexpr auto kSoleAddress = "255.255.255.255";
constexpr auto kSoleAddressOfIpv6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

using OwnedCertificate = Owned<X509, &X509_free>;
using OwnedKey = Owned<EVP_PKEY, &EVP_PKEY_free>;
using OwnedNumber = Owned<BIGNUM, &BN_free>;
using OwnedExtension = Owned<X509_EXTENSION, &X509_EXTENSION_free>;
using OwnedConstraints = Owned<NAME_CONSTRAINTS, &NAME_CONSTRAINTS_free>;

// What OpenSSL can't do here is for want of memory or a fault of ours.
void check(bool done, char const* doing) {
    if (!done) throw std::runtime_error(fmt::format("{}: {}", doing, OpensslNotes::last()));
}

// Host names and addresses, with the mask of a network: nothing that has a meaning to OpenSSL's own syntax.
bool is_plain(std::string_view host) {
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
               c == '/';
    });
}

OwnedKey make_key() {
    OwnedKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    check(key != nullptr, "make a key");
    return key;
}

// Good from `now`, of a serial number that says nothing, with that key. The numbers are of OpenSSL's own
// source of randomness, as the keys are: both are what an adversary must not guess.
OwnedCertificate begin_certificate(EVP_PKEY& key, TimePoint now, TimePoint end) {
    OwnedCertificate certificate(X509_new());
    OwnedNumber const serial(BN_new());
    if (!certificate || !serial) throw std::bad_alloc();
    using std::chrono::system_clock;
    auto const seconds = [](TimePoint time) {
        return system_clock::to_time_t(std::chrono::time_point_cast<system_clock::duration>(time));
    };
    constexpr long kVersion3 = 2;
    check(
        X509_set_version(certificate.get(), kVersion3) == 1 &&
            BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
            BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
            ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds(now - kBackdated)) != nullptr &&
            ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds(end)) != nullptr &&
            X509_set_pubkey(certificate.get(), &key) == 1,
        "begin a certificate"
    );
    return certificate;
}

void set_name(X509& certificate, std::string const& name) {
    auto* const subject = X509_get_subject_name(&certificate);
    auto const* const bytes = reinterpret_cast<unsigned char const*>(name.c_str());
    check(
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1, "name a certificate"
    );
}

// By which people tell two authorities apart in a list of those that they trust.
std::string distinction_of(X509 const& certificate) {
    constexpr std::size_t kDigits = 8;
    OwnedNumber const serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
    if (!serial) throw std::bad_alloc();
    std::vector<unsigned char> bytes(static_cast<std::size_t>(BN_num_bytes(serial.get())));
    BN_bn2bin(serial.get(), bytes.data());
    return to_hex({reinterpret_cast<char const*>(bytes.data()), bytes.size()}).substr(0, kDigits);
}

struct Extension {
    int what;
    std::string value;  // in OpenSSL's syntax
};

void extend(X509& certificate, X509& issuer, std::vector<Extension> const& extensions) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    for (auto const& [what, value] : extensions) {
        OwnedExtension const extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
        check(extension && X509_add_ext(&certificate, extension.get(), -1) == 1, "extend a certificate");
    }
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& key) {
    check(
        X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)) == 1 &&
            X509_sign(&certificate, &key, EVP_sha256()) > 0,
        "sign a certificate"
    );
}

std::string constraint_of_address(std::string const& address) {
    if (address.find('/') != std::string::npos) return address;
    bool const is_ipv6 = address.find(':') != std::string::npos;
    return fmt::format("{}/{}", address, is_ipv6 ? kSoleAddressOfIpv6 : kSoleAddress);
}

std::string constraints(PermittedHosts const& hosts) {
    std::string text = "critical";
    for (auto const& domain : hosts.domains) {
        if (!is_plain(domain)) throw std::invalid_argument(domain + " is no domain");
        text += ",permitted;DNS:" + domain;
    }
    for (auto const& address : hosts.addresses) {
        if (!is_plain(address)) throw std::invalid_argument(address + " is no address");
        text += ",permitted;IP:" + constraint_of_address(address);
    }
    return text;
}

bool permits(X509& authority, X509& certificate) {
    X509_check_purpose(&certificate, -1, 0);  // has OpenSSL read the extensions, which the check below needs
    OwnedConstraints const permitted(
        static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(&authority, NID_name_constraints, nullptr, nullptr))
    );
    return !permitted || NAME_CONSTRAINTS_check(&certificate, permitted.get()) == X509_V_OK;
}

}  // namespace

CertificateAuthority CertificateAuthority::make(PermittedHosts const& hosts, TimePoint now) {
    OpensslNotes const notes;
    auto key = make_key();
    auto certificate = begin_certificate(*key, now, now + kLifetime);
    set_name(*certificate, fmt::format("bluebatch-emulator CA {}", distinction_of(*certificate)));
    extend(
        *certificate,
        *certificate,
        {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
         {NID_key_usage, "critical,keyCertSign"},
         {NID_ext_key_usage, "serverAuth"},
         {NID_name_constraints, constraints(hosts)},
         {NID_subject_key_identifier, "hash"}}
    );
    sign(*certificate, *certificate, *key);
    return CertificateAuthority(CertifiedKey(certificate.release(), nullptr, key.release()));
}

Result<CertificateAuthority> CertificateAuthority::parse(
    std::string_view certificate, std::string_view private_key
) {
    auto own = parse_certified_key(certificate, private_key);
    if (!own) return own.error();
    if (X509_check_ca(own->certificate()) != 1) return Failure{"the certificate is not that of an authority"};
    return CertificateAuthority(*std::move(own));
}

Result<CertifiedKey> CertificateAuthority::issue(std::vector<std::string> const& hosts, TimePoint now) const {
    OpensslNotes const notes;
    std::string names;
    for (auto const& host : hosts) {
        if (!is_plain(host)) return Failure{fmt::format("'{}' is no host", host)};
        names += fmt::format("{}{}:{}", names.empty() ? "" : ",", is_ip_address(host) ? "IP" : "DNS", host);
    }
    auto key = make_key();
    auto const end = std::min(now + kLongestOfServer - kBackdated - std::chrono::hours(1), own_.expires());
    auto certificate = begin_certificate(*key, now, end);
    // With a blank it can't be taken for a host's name.
    set_name(*certificate, "bluebatch emulator");
    extend(
        *certificate,
        *own_.certificate(),
        {{NID_basic_constraints, "critical,CA:FALSE"},
         {NID_key_usage, "critical,digitalSignature"},
         {NID_ext_key_usage, "serverAuth"},
         {NID_subject_alt_name, names},
         {NID_subject_key_identifier, "hash"},
         {NID_authority_key_identifier, "keyid"}}
    );
    sign(*certificate, *own_.certificate(), *own_.key());
    if (!permits(*own_.certificate(), *certificate))
        return Failure{fmt::format("the authority may not certify {}", names)};
    return CertifiedKey(certificate.release(), nullptr, key.release());
}

bool is_ip_address(std::string_view text) {
    std::string const address(text);
    std::array<unsigned char, sizeof(::in6_addr)> bytes{};
    return ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
           ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

}  // namespace bluebatch::base
