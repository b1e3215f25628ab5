#pragma once

#include "emulator/blob/rules/range.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

// Pages of page blobs and their sequence numbers.
namespace bluebatch::emulator::blob::rules {

inline constexpr std::uint64_t kPageSize = 512;
inline constexpr std::uint64_t kMaxPageBlobSize = std::uint64_t{8} << 40;
inline constexpr std::uint64_t kMaxSequenceNumber = INT64_MAX;

// "bytes=0-511": whole pages, both ends given. `name` is the header's. InvalidHeaderValue, InvalidPageRange.
azure::StorageResult<ByteRange> parse_page_range(std::string_view name, std::string_view header);
// The pages that a range of bytes touches.
ByteRange whole_pages(ByteRange range);

// What a blob's sequence number must be for a write to go on.
struct SequenceConditions {
    std::optional<std::uint64_t> at_most{};
    std::optional<std::uint64_t> below{};
    std::optional<std::uint64_t> equal{};

    bool are_met_by(std::uint64_t number) const;
};

enum class SequenceAction : std::uint8_t { max, update, increment };
struct SequenceChange {
    SequenceAction action = SequenceAction::increment;
    std::uint64_t number = 0;  // not of an increment
};
// The new number, or SequenceNumberIncrementTooLarge.
azure::StorageResult<std::uint64_t> apply(SequenceChange const& change, std::uint64_t number);

}  // namespace bluebatch::emulator::blob::rules
