#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <string_view>

namespace bluebatch::emulator::storage::blob {

// The columns that read_blob expects, in its order.
inline constexpr std::string_view kBlobColumns =
    "id, container_id, name, moment, stage, version, deleted, purge, kind, size, content_id, layout_id, "
    "created, last_modified, etag, content_type, content_encoding, content_language, content_disposition, "
    "cache_control, content_md5, metadata, tags, tier, tier_changed, lease_id, lease_seconds, lease_expires, "
    "lease_breaks, accessed, extras";
inline constexpr int kBlobColumnCount = 31;

Blob read_blob(Row const& row);

}  // namespace bluebatch::emulator::storage::blob
