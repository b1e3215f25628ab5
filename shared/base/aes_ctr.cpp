#include "shared/base/aes_ctr.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace bluebatch::base {
namespace {

constexpr std::size_t kBlock = 16;
using CounterBlock = std::array<unsigned char, kBlock>;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

void put_big_endian(std::uint64_t number, unsigned char* at) {
    for (int i = 0; i < 8; ++i)
        at[i] = static_cast<unsigned char>(number >> (56 - 8 * i));
}

CounterBlock counter_of(std::uint64_t nonce, std::uint64_t block) {
    CounterBlock counter{};
    put_big_endian(nonce, counter.data());
    put_big_endian(block, counter.data() + kBlock / 2);
    return counter;
}

}  // namespace

AesCtr::AesCtr(std::string_view key) {
    if (key.size() != kKeySize) throw std::invalid_argument("an AES-256 key has 32 bytes");
    std::ranges::copy(key, key_.begin());
}

AesCtr::~AesCtr() {
    OPENSSL_cleanse(key_.data(), key_.size());
}

void AesCtr::apply(std::uint64_t nonce, std::uint64_t position, std::span<std::byte> bytes) const {
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> const context(EVP_CIPHER_CTX_new());
    auto const counter = counter_of(nonce, position / kBlock);
    bool ok = context &&
              EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, key_.data(), counter.data()) == 1;
    int written = 0;
    // The part of the first block that lies before the position.
    std::array<unsigned char, kBlock> skipped{};
    auto const skip = static_cast<int>(position % kBlock);
    ok = ok && EVP_EncryptUpdate(context.get(), skipped.data(), &written, skipped.data(), skip) == 1;
    constexpr std::size_t kMostAtOnce = 1 << 30;
    while (ok && !bytes.empty()) {
        auto const part = bytes.first(std::min(bytes.size(), kMostAtOnce));
        auto* const data = reinterpret_cast<unsigned char*>(part.data());
        ok = EVP_EncryptUpdate(context.get(), data, &written, data, static_cast<int>(part.size())) == 1;
        bytes = bytes.subspan(part.size());
    }
    if (!ok) throw std::runtime_error("AES could not be computed");
}

}  // namespace bluebatch::base
