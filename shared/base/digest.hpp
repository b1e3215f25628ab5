#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bluebatch::base {

std::string to_base64(std::span<std::uint8_t const> bytes);
std::string to_base64(std::string_view bytes);
// Standard alphabet with padding; nothing else is accepted.
std::optional<std::string> parse_base64(std::string_view text);
std::string to_hex(std::string_view bytes);

std::string hmac_sha256(std::string_view key, std::string_view message);
std::string sha256(std::string_view bytes);

using Md5Digest = std::array<std::uint8_t, 16>;

// Hashes a stream piece by piece.
class Md5 {
public:
    Md5();
    ~Md5();
    Md5(Md5&&) noexcept;
    Md5& operator=(Md5&&) noexcept;
    void update(std::span<std::byte const> bytes);
    void update(std::string_view bytes);
    Md5Digest finish() &&;

private:
    struct State;
    std::unique_ptr<State> state_;
};

Md5Digest md5(std::string_view bytes);

// Takes the same time wherever the two differ; for signatures.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace bluebatch::base
