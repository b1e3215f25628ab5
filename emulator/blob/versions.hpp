#pragma once

#include "shared/http/message.hpp"

#include <cstdint>
#include <string_view>

// The version of the service that a request is made for, and what differs between versions. Dates as texts
// ("2021-12-02"), which compare as dates do.
namespace bluebatch::emulator::blob {

inline constexpr std::string_view kNewestKnownVersion = "2026-06-06";
inline constexpr std::string_view kOldestVersion = "2009-09-19";

// From then on entity tags stand in quotes and answers of Get Blob say Accept-Ranges.
inline constexpr std::string_view kQuotedTagsVersion = "2011-08-18";

// By header or query, or of the signature; the oldest where nothing says it.
std::string_view version_of(http::RequestHead const& head);
// Of the form "2021-12-02".
bool is_version(std::string_view text);

// The most bytes that one request may bring.
struct BodyLimits {
    std::uint64_t blob;
    std::uint64_t block;
    std::uint64_t append_block;
};
BodyLimits limits_of(std::string_view version);

// Takes from an answer what its version did not have yet.
void put_in_form_of(std::string_view version, http::Headers& headers);

}  // namespace bluebatch::emulator::blob
