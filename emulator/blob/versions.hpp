#pragma once

#include "shared/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The version of the service that a request is made for, and what differs between versions. Dates as texts
// ("2021-12-02"), which compare as dates do.
namespace bluebatch::emulator::blob {

class ServiceSettings;

inline constexpr std::string_view kNewestKnownVersion = "2026-06-06";
inline constexpr std::string_view kOldestVersion = "2009-09-19";

// From then on entity tags stand in quotes and answers of Get Blob say Accept-Ranges.
inline constexpr std::string_view kQuotedTagsVersion = "2011-08-18";

// From then on Copy Blob goes on in the background, from any URL, and the blob tells of it.
inline constexpr std::string_view kFirstWithBackgroundCopies = "2012-02-12";

// From then on reads fail for what is there when If-None-Match says "*"; before, that was ignored.
inline constexpr std::string_view kFirstWithAnyTagOfReads = "2016-05-31";

// By header or query, or of the signature; nothing where none of them says it.
std::optional<std::string_view> named_version(http::RequestHead const& head);
// The one that is named, else the DefaultServiceVersion of the account, else the oldest.
std::string version_of(
    http::RequestHead const& head, ServiceSettings const& settings, std::string_view account
);
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
