#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/rules/pages.hpp"
#include "emulator/storage/blob/new_content.hpp"
#include "emulator/storage/blob/page_ranges.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The use cases of page blobs; each also answers InvalidBlobType and the codes of its guard.
namespace bluebatch::emulator::blob::cases {

struct PageWrite {
    rules::ByteRange range;  // whole pages
    rules::SequenceConditions sequence;
    Guard guard;
};
// The content is as long as the range. InvalidPageRange, SequenceNumberConditionNotMet.
azure::StorageResult<store::Blob> write_pages(
    Context const& context, Address const& address, PageWrite const& wanted, store::NewContent content
);
// They read as zeros afterwards and are not listed. The codes of write_pages.
azure::StorageResult<store::Blob> clear_pages(
    Context const& context, Address const& address, PageWrite const& wanted
);

// Only what is given changes.
struct PageBlobChange {
    std::optional<store::ContentHeaders> content;
    std::optional<std::uint64_t> size;
    std::optional<rules::SequenceChange> sequence;
    Guard guard;
};
// SequenceNumberIncrementTooLarge.
azure::StorageResult<store::Blob> change_page_blob(
    Context const& context, Address const& address, PageBlobChange wanted
);

struct ListPages {
    std::string range;                        // a Range header; empty: everything
    std::optional<base::TimePoint> previous;  // only what differs from this snapshot
    std::uint64_t from = 0;                   // where the page of the list begins
    std::optional<std::size_t> limit;
    Guard guard;
};
struct PageList {
    store::Blob blob;
    std::vector<store::PageRange> ranges;
    std::optional<std::uint64_t> next;  // where the following page of the list begins
};
// PreviousSnapshotNotFound, PreviousSnapshotCannotBeNewer, BlobOverwritten, InvalidRange.
azure::StorageResult<PageList> list_pages(
    Context const& context, Address const& address, ListPages const& wanted
);

}  // namespace bluebatch::emulator::blob::cases
