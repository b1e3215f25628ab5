#include "shared/base/certified_key.hpp"

#include "shared/base/openssl.hpp"

#include <fmt/format.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <climits>
#include <ctime>
#include <new>
#include <utility>

namespace bluebatch::base {
namespace {

constexpr std::size_t kLongestChain = 16;

using OwnedBio = Owned<BIO, &BIO_free_all>;
using OwnedCertificate = Owned<X509, &X509_free>;
using OwnedKey = Owned<EVP_PKEY, &EVP_PKEY_free>;

void free_certificates(STACK_OF(X509) * certificates) {
    sk_X509_pop_free(certificates, X509_free);
}
using OwnedChain = Owned<STACK_OF(X509), &free_certificates>;

OwnedBio reader_of(std::string_view bytes) {
    // OpenSSL makes nothing of a null pointer, which empty bytes may have.
    auto const* const start = bytes.empty() ? "" : bytes.data();
    OwnedBio source(BIO_new_mem_buf(start, static_cast<int>(bytes.size())));
    if (!source) throw std::bad_alloc();
    return source;
}

OwnedBio make_writer() {
    OwnedBio sink(BIO_new(BIO_s_mem()));
    if (!sink) throw std::bad_alloc();
    return sink;
}

std::string text_of(BIO& sink) {
    char* text = nullptr;
    auto const size = BIO_get_mem_data(&sink, &text);
    return {text, static_cast<std::size_t>(size)};
}

// Answers OpenSSL instead of the terminal, which it would ask otherwise.
int give_password(char* into, int size, int, void* password) {
    auto const& text = *static_cast<std::string const*>(password);
    if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
    return static_cast<int>(text.copy(into, text.size()));
}

Result<OwnedChain> read_certificates(std::string_view pem) {
    auto const source = reader_of(pem);
    OwnedChain found(sk_X509_new_null());
    if (!found) throw std::bad_alloc();
    std::string no_password;
    while (OwnedCertificate next{PEM_read_bio_X509(source.get(), nullptr, &give_password, &no_password)}) {
        if (sk_X509_num(found.get()) == static_cast<int>(kLongestChain))
            return Failure{"it holds too many certificates"};
        if (sk_X509_push(found.get(), next.get()) == 0) throw std::bad_alloc();
        (void)next.release();  // the stack's now
    }
    // At its end OpenSSL finds no further beginning; anything else is a damaged certificate.
    bool const at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!at_end) return Failure{fmt::format("a certificate in it is damaged ({})", OpensslNotes::last())};
    if (sk_X509_num(found.get()) == 0) return Failure{"it holds no certificate in PEM form"};
    return found;
}

Result<OwnedKey> read_key(std::string_view pem, std::string password) {
    auto const source = reader_of(pem);
    OwnedKey key(PEM_read_bio_PrivateKey(source.get(), nullptr, &give_password, &password));
    if (key) return key;
    bool const is_encrypted = pem.find("ENCRYPTED") != std::string_view::npos;
    if (is_encrypted && password.empty()) return Failure{"the key is encrypted and needs its password"};
    if (is_encrypted) return Failure{"the key does not open with this password"};
    return Failure{"it holds no private key in PEM form"};
}

Result<CertifiedKey> combine(OwnedCertificate certificate, OwnedChain chain, OwnedKey key) {
    if (X509_check_private_key(certificate.get(), key.get()) != 1)
        return Failure{"the private key is not that of the first certificate"};
    return CertifiedKey(certificate.release(), chain.release(), key.release());
}

}  // namespace

void CertifiedKey::Release::operator()(x509_st* certificate) const {
    X509_free(certificate);
}
void CertifiedKey::Release::operator()(stack_st_X509* chain) const {
    free_certificates(chain);
}
void CertifiedKey::Release::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

CertifiedKey::CertifiedKey(x509_st* certificate, stack_st_X509* chain, evp_pkey_st* key)
    : certificate_(certificate), chain_(chain), key_(key) {}

TimePoint CertifiedKey::expires() const {
    std::tm parts{};
    ASN1_TIME_to_tm(X509_get0_notAfter(certificate_.get()), &parts);
    using std::chrono::day, std::chrono::month, std::chrono::year;
    std::chrono::sys_days const date = year(parts.tm_year + 1900) /
                                       month(static_cast<unsigned>(parts.tm_mon + 1)) /
                                       day(static_cast<unsigned>(parts.tm_mday));
    return date + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
           std::chrono::seconds(parts.tm_sec);
}

bool CertifiedKey::names(std::string_view host) const {
    OpensslNotes const notes;
    std::string const text(host);
    return X509_check_host(certificate_.get(), text.data(), text.size(), 0, nullptr) == 1 ||
           X509_check_ip_asc(certificate_.get(), text.c_str(), 0) == 1;
}

Result<CertifiedKey> parse_certified_key(
    std::string_view certificates, std::string_view key, std::string const& password
) {
    OpensslNotes const notes;
    if (certificates.size() > INT_MAX || key.size() > INT_MAX) return Failure{"a file is too large"};
    auto chain = read_certificates(certificates);
    if (!chain) return chain.error();
    auto opened = read_key(key, password);
    if (!opened) return opened.error();
    OwnedCertificate first(sk_X509_shift(chain->get()));
    return combine(std::move(first), *std::move(chain), *std::move(opened));
}

Result<CertifiedKey> parse_certified_pkcs12(std::string_view bytes, std::string const& password) {
    OpensslNotes const notes;
    if (bytes.size() > INT_MAX) return Failure{"the file is too large"};
    auto* made = PKCS12_init_ex(NID_pkcs7_data, legacy_algorithms(), nullptr);
    if (made == nullptr) throw std::bad_alloc();
    auto const* at = reinterpret_cast<unsigned char const*>(bytes.data());
    // When that fails, OpenSSL has released what it was given.
    if (d2i_PKCS12(&made, &at, static_cast<long>(bytes.size())) == nullptr)
        return Failure{"it is not a PKCS #12 file"};
    Owned<PKCS12, &PKCS12_free> const file(made);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* chain = nullptr;
    if (PKCS12_parse(file.get(), password.c_str(), &key, &certificate, &chain) != 1)
        return Failure{"it does not open with this password"};
    CertifiedKey const found(certificate, chain, key);
    if (certificate == nullptr || key == nullptr)
        return Failure{"it does not hold both a certificate and its private key"};
    // Once more by way of text, because what has been read belongs to the algorithms of old files, which TLS
    // does not use.
    return parse_certified_key(certificates_to_pem(found), private_key_to_pem(found));
}

std::string certificates_to_pem(CertifiedKey const& key) {
    auto const sink = make_writer();
    PEM_write_bio_X509(sink.get(), key.certificate());
    for (int i = 0; i < sk_X509_num(key.chain()); ++i)
        PEM_write_bio_X509(sink.get(), sk_X509_value(key.chain(), i));
    return text_of(*sink);
}

std::string private_key_to_pem(CertifiedKey const& key) {
    auto const sink = make_writer();
    if (PEM_write_bio_PKCS8PrivateKey(sink.get(), key.key(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        throw std::bad_alloc();
    return text_of(*sink);
}

}  // namespace bluebatch::base
