#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/lease.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/base/random.hpp"
#include "shared/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

// What request headers say. Values in a wrong form answer InvalidHeaderValue, naming the header.
namespace bluebatch::emulator::blob::wire {

// With prefix "x-ms-source-": the conditions on the source of a copy.
azure::StorageResult<rules::Conditions> read_conditions(
    http::Headers const& headers, std::string_view prefix = {}
);
azure::StorageResult<Guard> read_guard(http::Headers const& headers);
// Of operations that know no conditions but x-ms-if-tags.
azure::StorageResult<Guard> read_tag_guard(http::Headers const& headers);
azure::StorageResult<std::string> read_lease_id(
    http::Headers const& headers, std::string_view name = "x-ms-lease-id"
);
// x-ms-meta-*; the codes of names::find_metadata_fault.
azure::StorageResult<store::Metadata> read_metadata(http::Headers const& headers);
bool has_metadata(http::Headers const& headers);

// x-ms-blob-content-* and its kin. Put Blob takes the plain headers where those are missing.
enum class PlainHeaders : std::uint8_t { used, ignored };
azure::StorageResult<store::ContentHeaders> read_content_headers(
    http::Headers const& headers, PlainHeaders plain
);
// 16 bytes, or InvalidMd5.
azure::StorageResult<std::optional<std::string>> read_md5(
    http::Headers const& headers, std::string_view name
);
// 8 bytes, or InvalidCrc64.
azure::StorageResult<std::optional<std::string>> read_crc64(
    http::Headers const& headers, std::string_view name
);
// "true" or "false".
azure::StorageResult<std::optional<bool>> read_flag(http::Headers const& headers, std::string_view name);
azure::StorageResult<std::optional<std::string>> read_tier(http::Headers const& headers);
azure::StorageResult<store::PublicAccess> read_public_access(http::Headers const& headers);
// A missing proposed id is made up; so is a missing duration in versions that did not have any.
azure::StorageResult<rules::LeaseRequest> read_lease_request(
    http::Headers const& headers, std::string_view version, base::Random& random
);

}  // namespace bluebatch::emulator::blob::wire
