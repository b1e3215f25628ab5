#pragma once

#include "shared/base/md5.hpp"

#include <cstdint>
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

// Takes the same time wherever the two differ; for signatures.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace bluebatch::base
