#include "shared/base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace bluebatch::base {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint8_t const* bytes_of(std::string_view text) {
    return reinterpret_cast<std::uint8_t const*>(text.data());
}

std::string digest_of(EVP_MD const* kind, std::string_view bytes) {
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    auto* out = reinterpret_cast<std::uint8_t*>(result.data());
    if (EVP_Digest(bytes.data(), bytes.size(), out, &length, kind, nullptr) != 1)
        throw std::runtime_error("digest failed");
    result.resize(length);
    return result;
}

}  // namespace

std::string to_base64(std::span<std::uint8_t const> bytes) {
    return to_base64(std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
}

std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const octet = [&](std::size_t k) {
            return i + k < bytes.size() ? static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i + k]))
                                        : 0U;
        };
        std::uint32_t const group = octet(0) << 16 | octet(1) << 8 | octet(2);
        text += kAlphabet[group >> 18];
        text += kAlphabet[group >> 12 & 63];
        text += i + 1 < bytes.size() ? kAlphabet[group >> 6 & 63] : '=';
        text += i + 2 < bytes.size() ? kAlphabet[group & 63] : '=';
    }
    return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            bool const padded = i + k >= text.size() - padding;
            auto const value = padded ? 0 : kAlphabet.find(text[i + k]);
            if (value == std::string_view::npos) return std::nullopt;
            group = group << 6 | static_cast<std::uint32_t>(value);
        }
        bytes += static_cast<char>(group >> 16);
        bytes += static_cast<char>(group >> 8 & 255);
        bytes += static_cast<char>(group & 255);
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (char const c : bytes) {
        text += kDigits[static_cast<std::uint8_t>(c) >> 4];
        text += kDigits[static_cast<std::uint8_t>(c) & 15];
    }
    return text;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::string result(32, '\0');
    unsigned length = 0;
    auto* out = reinterpret_cast<std::uint8_t*>(result.data());
    // An empty key is legal for HMAC; OpenSSL only wants a pointer that is not null.
    char const* const key_bytes = key.empty() ? "" : key.data();
    if (HMAC(
            EVP_sha256(),
            key_bytes,
            static_cast<int>(key.size()),
            bytes_of(message),
            message.size(),
            out,
            &length
        ) == nullptr) {
        throw std::runtime_error("HMAC failed");
    }
    return result;
}

std::string sha256(std::string_view bytes) {
    return digest_of(EVP_sha256(), bytes);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace bluebatch::base
