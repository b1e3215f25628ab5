#include "shared/base/rsa_key.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <climits>
#include <stdexcept>

namespace bluebatch::base {

namespace {

constexpr std::size_t kBits = 2048;

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }
};

EVP_PKEY* as_key(void* key) {
    return static_cast<EVP_PKEY*>(key);
}

unsigned char const* signed_bytes(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

void require(bool done, char const* what) {
    if (done) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

std::string number_of(void* key, char const* name) {
    BIGNUM* found = nullptr;
    require(EVP_PKEY_get_bn_param(as_key(key), name, &found) == 1, "tell the numbers of a key");
    std::unique_ptr<BIGNUM, FreeNumber> const number(found);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    return bytes;
}

}  // namespace

void RsaKey::Free::operator()(void* key) const {
    EVP_PKEY_free(as_key(key));
}

RsaKey RsaKey::generate() {
    EVP_PKEY* const key = EVP_RSA_gen(kBits);
    require(key != nullptr, "make a key");
    return RsaKey(key);
}

Result<RsaKey> RsaKey::from_pem(std::string_view pem) {
    if (pem.size() > INT_MAX) return Failure{"the file is too large for a key"};
    Bio const bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    // A password is never asked for: one of no characters is given.
    EVP_PKEY* const key = bio ? PEM_read_bio_PrivateKey(
                                    bio.get(), nullptr, [](char*, int, int, void*) { return 0; }, nullptr
                                )
                              : nullptr;
    ERR_clear_error();
    if (key == nullptr) return Failure{"there is no private key in PEM"};
    RsaKey made(key);
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return Failure{"the private key is not an RSA key"};
    return made;
}

std::string RsaKey::to_pem() const {
    Bio const bio(BIO_new(BIO_s_mem()));
    require(bio != nullptr, "write a key");
    bool const done =
        PEM_write_bio_PKCS8PrivateKey(bio.get(), as_key(key_.get()), nullptr, nullptr, 0, nullptr, nullptr) ==
        1;
    require(done, "write a key");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string RsaKey::sign(std::string_view text) const {
    Context const context(EVP_MD_CTX_new());
    bool const begun =
        context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, as_key(key_.get())) == 1;
    require(begun, "begin a signature");
    std::size_t size = 0;
    require(EVP_DigestSign(context.get(), nullptr, &size, signed_bytes(text), text.size()) == 1, "sign");
    std::string signature(size, '\0');
    auto* const into = reinterpret_cast<unsigned char*>(signature.data());
    require(EVP_DigestSign(context.get(), into, &size, signed_bytes(text), text.size()) == 1, "sign");
    signature.resize(size);
    return signature;
}

bool RsaKey::has_signed(std::string_view text, std::string_view signature) const {
    Context const context(EVP_MD_CTX_new());
    bool const begun =
        context &&
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, as_key(key_.get())) == 1;
    require(begun, "begin to require a signature");
    bool const is_genuine =
        EVP_DigestVerify(
            context.get(), signed_bytes(signature), signature.size(), signed_bytes(text), text.size()
        ) == 1;
    ERR_clear_error();
    return is_genuine;
}

std::string RsaKey::modulus() const {
    return number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N);
}

std::string RsaKey::exponent() const {
    return number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E);
}

}  // namespace bluebatch::base
