#pragma once

#include "emulator/blob/cases/appending.hpp"
#include "emulator/blob/cases/pages.hpp"
#include "emulator/blob/rules/pages.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <optional>

// What only requests for page blobs and append blobs say. Values in a wrong form answer InvalidHeaderValue,
// naming the header.
namespace bluebatch::emulator::blob::wire {

enum class PageWriteKind : std::uint8_t { update, clear };
// x-ms-page-write, which must be there.
azure::StorageResult<PageWriteKind> read_page_write_kind(http::Headers const& headers);
// x-ms-range, or else Range; one must be there.
azure::StorageResult<rules::ByteRange> read_page_range(http::Headers const& headers);
// x-ms-if-sequence-number-*
azure::StorageResult<rules::SequenceConditions> read_sequence_conditions(http::Headers const& headers);

// x-ms-blob-content-length: whole pages.
azure::StorageResult<std::optional<std::uint64_t>> read_page_blob_size(http::Headers const& headers);
// x-ms-blob-sequence-number
azure::StorageResult<std::optional<std::uint64_t>> read_sequence_number(http::Headers const& headers);
// x-ms-sequence-number-action and the number that belongs to it.
azure::StorageResult<std::optional<rules::SequenceChange>> read_sequence_change(http::Headers const& headers);

// x-ms-blob-condition-appendpos, x-ms-blob-condition-maxsize
azure::StorageResult<cases::AppendConditions> read_append_conditions(http::Headers const& headers);

}  // namespace bluebatch::emulator::blob::wire
