#include "emulator/blob/rules/names.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;

constexpr std::array<std::string_view, 2> kSystemContainers{"$root", "$web"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// How long the service takes a text to be: UTF-16 code units.
std::size_t utf16_length(std::string_view text) {
    std::size_t length = 0;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte >> 6 != 2) ++length;     // not a continuation byte
        if (byte >> 3 == 0x1E) ++length;  // outside the basic plane: a pair
    }
    return length;
}

}  // namespace

std::optional<StorageError> find_container_name_fault(std::string_view name) {
    constexpr std::size_t kShortest = 3;
    constexpr std::size_t kLongest = 63;
    if (std::ranges::find(kSystemContainers, name) != kSystemContainers.end()) return std::nullopt;
    if (name.size() < kShortest || name.size() > kLongest) return StorageErrorCode::out_of_range_input;
    bool const has_allowed_letters =
        std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
    if (!has_allowed_letters || name.front() == '-' || name.back() == '-' ||
        name.find("--") != std::string_view::npos) {
        return StorageErrorCode::invalid_resource_name;
    }
    return std::nullopt;
}

std::optional<StorageError> find_blob_name_fault(std::string_view name) {
    constexpr std::size_t kLongest = 1024;
    if (!base::is_valid_utf8(name) || name.find('\0') != std::string_view::npos) {
        return StorageErrorCode::invalid_uri;
    }
    if (utf16_length(name) > kLongest) return StorageErrorCode::out_of_range_input;
    return std::nullopt;
}

std::optional<StorageError> find_metadata_fault(
    std::vector<std::pair<std::string, std::string>> const& metadata
) {
    constexpr std::size_t kLimit = 8 << 10;
    std::size_t size = 0;
    for (auto const& [name, value] : metadata) {
        if (name.empty()) return StorageErrorCode::empty_metadata_key;
        bool const is_identifier = !is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
            return is_letter(c) || is_digit(c) || c == '_';
        });
        bool const is_text = std::ranges::all_of(value, [](char c) {
            constexpr unsigned char kDelete = 0x7F;
            auto const code = static_cast<unsigned char>(c);
            return (code >= ' ' && code < kDelete) || c == '\t';
        });
        if (!is_identifier || !is_text) return StorageErrorCode::invalid_metadata;
        size += name.size() + value.size();
    }
    if (size > kLimit) return StorageErrorCode::metadata_too_large;
    return std::nullopt;
}

azure::StorageResult<std::size_t> check_block_id(std::string_view base64) {
    constexpr std::size_t kLongest = 64;
    auto const decoded = base::parse_base64(base64);
    if (!decoded || decoded->empty() || decoded->size() > kLongest) return StorageErrorCode::invalid_block_id;
    return decoded->size();
}

bool is_guid(std::string_view text) {
    constexpr std::size_t kLength = 36;
    if (text.size() == kLength + 2 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, kLength);
    if (text.size() != kLength) return false;
    for (std::size_t i = 0; i < kLength; ++i) {
        bool const is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

}  // namespace bluebatch::emulator::blob::rules
