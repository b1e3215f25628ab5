#pragma once

#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace bluebatch::emulator::blob::rules {

struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    bool operator==(ByteRange const&) const = default;
};

// "bytes=0-9", "bytes=10-" or "bytes=-3" of a resource of `size` bytes. Nothing for a header that is no such
// range, several ranges included: HTTP has such headers ignored. InvalidRange when it begins at or behind the
// end.
azure::StorageResult<std::optional<ByteRange>> parse_range(std::string_view header, std::uint64_t size);

}  // namespace bluebatch::emulator::blob::rules
