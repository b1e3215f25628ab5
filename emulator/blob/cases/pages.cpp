#include "emulator/blob/cases/pages.hpp"

#include "emulator/blob/cases/layouts.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;
using store::BlobKind;

StorageResult<store::Blob> get_for_page_write(
    storage::Transaction& transaction, Address const& address, PageWrite const& wanted, base::TimePoint now
) {
    auto blob = get_for_write(transaction, address, BlobKind::page, wanted.guard, now);
    if (!blob) return blob.error();
    auto const key_fault = rules::find_key_fault(blob->encryption, wanted.guard.encryption);
    if (key_fault) return *key_fault;
    auto const [offset, length] = wanted.range;
    if (offset >= blob->size || length > blob->size - offset) return StorageErrorCode::invalid_page_range;
    if (!wanted.sequence.are_met_by(blob->sequence_number)) {
        return StorageErrorCode::sequence_number_condition_not_met;
    }
    return blob;
}

void resize(storage::Transaction& transaction, store::Blob& blob, std::uint64_t size) {
    if (size < blob.size && blob.layout_id) {
        store::clear_range(transaction, own_layout_of(transaction, blob), size, blob.size - size);
    }
    blob.size = size;
}

// The layout that the blob's is compared with; none for a list of everything.
StorageResult<std::optional<std::int64_t>> find_previous_layout(
    storage::Connection& connection,
    Address const& address,
    store::Blob const& blob,
    std::optional<base::TimePoint> const& moment
) {
    if (!moment) return std::nullopt;
    if (address.snapshot && *moment > *address.snapshot) {
        return StorageErrorCode::previous_snapshot_cannot_be_newer;
    }
    auto const previous = store::find_snapshot(connection, blob.container_id, blob.name, *moment);
    if (!previous) return StorageErrorCode::previous_snapshot_not_found;
    if (previous->kind != BlobKind::page) return StorageErrorCode::previous_snapshot_operation_not_supported;
    if (previous->created != blob.created) return StorageErrorCode::blob_overwritten;
    return previous->layout_id;
}

}  // namespace

StorageResult<store::Blob> write_pages(
    Context const& context, Address const& address, PageWrite const& wanted, store::NewContent content
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_for_page_write(transaction, address, wanted, now);
    if (!blob) return blob.error();
    auto const [offset, length] = wanted.range;
    auto const layout_id = own_layout_of(transaction, *blob);
    store::clear_range(transaction, layout_id, offset, length);
    auto const content_id = content.store(transaction);
    store::insert_segment(transaction, layout_id, {offset, length, {}, content_id.value(), 0});
    touch_written(*blob, now);
    store::update_blob(transaction, *blob);
    commit_and_clean(context, transaction);
    return blob;
}

StorageResult<store::Blob> clear_pages(
    Context const& context, Address const& address, PageWrite const& wanted
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_for_page_write(transaction, address, wanted, now);
    if (!blob) return blob.error();
    if (blob->layout_id || blob->content_id) {
        auto const layout_id = own_layout_of(transaction, *blob);
        store::clear_range(transaction, layout_id, wanted.range.offset, wanted.range.length);
    }
    touch_written(*blob, now);
    store::update_blob(transaction, *blob);
    commit_and_clean(context, transaction);
    return blob;
}

StorageResult<store::Blob> change_page_blob(
    Context const& context, Address const& address, PageBlobChange wanted
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_for_write(transaction, address, BlobKind::page, wanted.guard, now);
    if (!blob) return blob.error();
    if (wanted.sequence) {
        auto const number = rules::apply(*wanted.sequence, blob->sequence_number);
        if (!number) return number.error();
        blob->sequence_number = *number;
    }
    if (wanted.size) resize(transaction, *blob, *wanted.size);
    if (wanted.content) blob->content = *std::move(wanted.content);
    blob->copy.reset();
    touch_written(*blob, now);
    store::update_blob(transaction, *blob);
    commit_and_clean(context, transaction);
    return blob;
}

StorageResult<PageList> list_pages(Context const& context, Address const& address, ListPages const& wanted) {
    storage::Snapshot snapshot(context.storage.database());
    auto& connection = snapshot.connection();
    auto const now = context.clock.now();
    auto blob = get_blob(connection, address, now);
    if (!blob) return blob.error();
    if (blob->kind != BlobKind::page) return StorageErrorCode::invalid_blob_type;
    if (auto const fault = find_fault(wanted.guard, *blob, rules::Purpose::read, now)) return *fault;
    if (is_incremental_copy(*blob)) return StorageErrorCode::operation_not_allowed_on_incremental_copy_blob;
    auto const range = rules::parse_range(wanted.range, blob->size);
    if (!range) return range.error();
    auto const pages = rules::whole_pages(range->value_or(rules::ByteRange{0, blob->size}));
    auto const previous = find_previous_layout(connection, address, *blob, wanted.previous);
    if (!previous) return previous.error();

    auto const most = wanted.limit ? *wanted.limit + 1 : SIZE_MAX;
    auto const start = std::max(pages.offset, wanted.from);
    PageList list{*std::move(blob), {}, {}};
    list.ranges = store::list_page_changes(
        connection, list.blob.layout_id, *previous, start, pages.offset + pages.length, most
    );
    if (wanted.limit && list.ranges.size() > *wanted.limit) {
        list.next = list.ranges.back().start;
        list.ranges.pop_back();
    }
    return list;
}

}  // namespace bluebatch::emulator::blob::cases
