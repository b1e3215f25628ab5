#pragma once

#include "shared/base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::cli {

// A file or a blob, as far as a comparison goes.
struct SyncEntry {
    std::string name;
    std::uint64_t size = 0;
    std::optional<base::TimePoint> modified;
    std::string md5;  // base64; known of blobs only
};

enum class SyncAction : std::uint8_t { transfer, remove, keep };

struct SyncStep {
    SyncAction action = SyncAction::keep;
    std::string name;
    std::uint64_t size = 0;  // of what is transferred
    std::string reason;      // "new", "size differs"
};

enum class Extras : std::uint8_t { keep, remove };

// What makes the target like the source, in order of names. Equal sizes are compared by MD5 where the blob
// has one, for which `md5_of_file` is asked, and else by time: only a newer source is transferred.
std::vector<SyncStep> plan_sync(
    std::vector<SyncEntry> source,
    std::vector<SyncEntry> target,
    Extras extras,
    std::function<std::string(std::string const& name)> const& md5_of_file
);

}  // namespace bluebatch::cli
