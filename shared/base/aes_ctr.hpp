#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bluebatch::base {

// AES-256 in counter mode: the same call encrypts and decrypts, from any position on. A nonce must never be
// used for two texts under one key. Thread-safe.
class AesCtr {
public:
    static constexpr std::size_t kKeySize = 32;

    // `key` has 32 bytes.
    explicit AesCtr(std::string_view key);
    ~AesCtr();
    AesCtr(AesCtr const&) = default;
    AesCtr& operator=(AesCtr const&) = default;

    // Works in place on bytes that stand at `position` of the text that `nonce` names.
    void apply(std::uint64_t nonce, std::uint64_t position, std::span<std::byte> bytes) const;

private:
    std::array<unsigned char, kKeySize> key_{};
};

}  // namespace bluebatch::base
