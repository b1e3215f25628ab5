#include "shared/base/x509.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/openssl.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>
#include <climits>
#include <memory>

namespace bluebatch::base {
namespace {

constexpr long kMostRounds = 1'000'000;  // of a whole file

void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
void free_parts(STACK_OF(PKCS7) * parts) {
    sk_PKCS7_pop_free(parts, PKCS7_free);
}

using OwnedCertificate = Owned<X509, &X509_free>;
using OwnedBags = Owned<STACK_OF(PKCS12_SAFEBAG), &free_bags>;
using OwnedParts = Owned<STACK_OF(PKCS7), &free_parts>;

unsigned char const* der_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

Certificate describe(X509 const& certificate) {
    unsigned char* der = nullptr;
    int const length = i2d_X509(&certificate, &der);
    if (length < 0) throw std::runtime_error("a certificate can't be written");
    Certificate result;
    result.der.assign(reinterpret_cast<char const*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(result.der.data(), result.der.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("digest failed");
    result.sha1 = to_hex({reinterpret_cast<char const*>(digest.data()), size});
    return result;
}

OwnedCertificate read_pem(std::string_view bytes) {
    Owned<BIO, &BIO_free_all> const source(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    if (!source) throw std::bad_alloc();
    // A certificate is never encrypted; the empty answer keeps OpenSSL from asking at the terminal.
    auto const no_password = [](char*, int, int, void*) { return 0; };
    return OwnedCertificate(PEM_read_bio_X509(source.get(), nullptr, no_password, nullptr));
}

OwnedCertificate read_der(std::string_view bytes) {
    auto const* at = der_of(bytes);
    OwnedCertificate certificate(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
    if (at != der_of(bytes) + bytes.size()) return nullptr;
    return certificate;
}

long rounds_of_pbes2(X509_ALGOR const& algorithm) {
    auto const parameter = std::unique_ptr<PBE2PARAM, OpensslRelease<&PBE2PARAM_free>>(
        static_cast<PBE2PARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm.parameter))
    );
    if (!parameter || OBJ_obj2nid(parameter->keyfunc->algorithm) != NID_id_pbkdf2) return LONG_MAX;
    auto const derivation =
        std::unique_ptr<PBKDF2PARAM, OpensslRelease<&PBKDF2PARAM_free>>(static_cast<PBKDF2PARAM*>(
            ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), parameter->keyfunc->parameter)
        ));
    return derivation ? ASN1_INTEGER_get(derivation->iter) : LONG_MAX;
}

// How many rounds of hashing the way from password to key takes; LONG_MAX where that is not known.
long rounds_of(X509_ALGOR const& algorithm) {
    if (OBJ_obj2nid(algorithm.algorithm) == NID_pbes2) return rounds_of_pbes2(algorithm);
    auto const parameter = std::unique_ptr<PBEPARAM, OpensslRelease<&PBEPARAM_free>>(
        static_cast<PBEPARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm.parameter))
    );
    return parameter ? ASN1_INTEGER_get(parameter->iter) : LONG_MAX;
}

// Takes the rounds off those that are left, if they suffice.
bool spend(long& left, long rounds) {
    if (rounds < 1 || rounds > left) return false;
    left -= rounds;
    return true;
}

bool opens(PKCS12& file, std::string const& password, long& rounds_left) {
    ASN1_INTEGER const* rounds = nullptr;
    if (PKCS12_mac_present(&file) == 0) return true;
    PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, &file);
    if (rounds != nullptr && !spend(rounds_left, ASN1_INTEGER_get(rounds))) return false;
    auto const length = static_cast<int>(password.size());
    if (PKCS12_verify_mac(&file, password.c_str(), length) == 1) return true;
    // No password and an empty one are two things to this format.
    return password.empty() && PKCS12_verify_mac(&file, nullptr, 0) == 1;
}

OwnedBags open_part(PKCS7& part, std::string const& password, long& rounds_left) {
    if (PKCS7_type_is_data(&part)) return OwnedBags(PKCS12_unpack_p7data(&part));
    if (!PKCS7_type_is_encrypted(&part) || part.d.encrypted == nullptr) return nullptr;
    auto const* const content = part.d.encrypted->enc_data;
    if (content == nullptr || !spend(rounds_left, rounds_of(*content->algorithm))) return nullptr;
    return OwnedBags(PKCS12_unpack_p7encdata(&part, password.c_str(), static_cast<int>(password.size())));
}

void add_certificates(std::vector<Certificate>& certificates, STACK_OF(PKCS12_SAFEBAG) * bags) {
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
        auto const* const bag = sk_PKCS12_SAFEBAG_value(bags, i);
        if (PKCS12_SAFEBAG_get_nid(bag) != NID_certBag) continue;
        OwnedCertificate const certificate(PKCS12_SAFEBAG_get1_cert(bag));
        if (certificate) certificates.push_back(describe(*certificate));
    }
}

}  // namespace

Result<Certificate> parse_certificate(std::string_view bytes) {
    OpensslNotes const notes;
    if (bytes.empty() || bytes.size() > INT_MAX) return Failure{"The file is empty or too large"};
    auto certificate = read_der(bytes);
    if (!certificate) certificate = read_pem(bytes);
    if (!certificate) return Failure{"The data is not an X.509 certificate"};
    return describe(*certificate);
}

Result<std::vector<Certificate>> parse_pkcs12(std::string_view bytes, std::string const& password) {
    OpensslNotes const notes;
    if (bytes.empty() || bytes.size() > INT_MAX) return Failure{"The file is empty or too large"};
    auto* made = PKCS12_init_ex(NID_pkcs7_data, legacy_algorithms(), nullptr);
    if (made == nullptr) throw std::bad_alloc();
    auto const* at = der_of(bytes);
    // When that fails, OpenSSL has released what it was given.
    if (d2i_PKCS12(&made, &at, static_cast<long>(bytes.size())) == nullptr)
        return Failure{"The data is not a PKCS #12 file"};
    Owned<PKCS12, &PKCS12_free> const file(made);
    long rounds_left = kMostRounds;
    if (!opens(*file, password, rounds_left)) return Failure{"The file does not open with this password"};
    OwnedParts const parts(PKCS12_unpack_authsafes(file.get()));
    if (!parts) return Failure{"The data is not a PKCS #12 file"};
    std::vector<Certificate> certificates;
    for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) {
        auto const bags = open_part(*sk_PKCS7_value(parts.get(), i), password, rounds_left);
        if (!bags) return Failure{"A part of the file can't be read"};
        add_certificates(certificates, bags.get());
    }
    return certificates;
}

}  // namespace bluebatch::base
