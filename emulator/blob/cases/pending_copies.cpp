#include "emulator/storage/blob/pending_copies.hpp"

#include "emulator/blob/cases/copying.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"

#include <functional>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;
using store::CopyStatus;

// As the reference words the ends of copies that the service gave up.
constexpr std::string_view kInterrupted =
    "500 InternalServerError \"The emulator was stopped during the copy.\"";

// Whoever writes there for long must be alone with it for as long.
std::optional<StorageErrorCode> find_lease_fault(
    std::optional<store::Blob> const& existing, base::TimePoint now
) {
    bool const is_finite = existing && rules::is_held(existing->lease, now) && existing->lease->seconds;
    if (is_finite) return StorageErrorCode::infinite_lease_duration_required;
    return std::nullopt;
}

bool change_pending(
    Context const& context,
    PendingCopy const& copy,
    std::function<void(storage::Transaction&, store::Blob&, base::TimePoint)> const& change
) {
    storage::Transaction transaction(context.storage.database());
    auto blob = store::find_blob_by_id(transaction.connection(), copy.blob_id);
    if (!blob || !is_being_copied(*blob) || blob->copy->id != copy.copy_id) return false;
    change(transaction, *blob, context.clock.now());
    store::update_blob(transaction, *blob);
    transaction.commit();
    return true;
}

void conclude(storage::Transaction& transaction, store::Blob& blob, CopyStatus status, base::TimePoint now) {
    blob.copy->status = status;
    blob.copy->completed = now;
    touch(blob, now);
    store::remove_pending_copy(transaction, blob.id);
}

// What the blob has when its copy comes to nothing.
void make_empty(store::Blob& blob) {
    blob.size = 0;
    blob.content.md5.reset();
}

}  // namespace

StorageResult<store::Blob> begin_copy(
    Context const& context, Address const& address, ForeignBlob source, CopyBlob wanted
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && wanted.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    if (auto const fault = find_write_fault(wanted.guard, existing, now)) return *fault;
    auto const policy = context.policies.of(address.account);
    if (auto const fault = find_overwrite_fault(existing, policy, now)) return *fault;
    if (auto const fault = find_protection_fault(*container, wanted.protection, now)) return *fault;
    if (auto const fault = find_lease_fault(existing, now)) return *fault;
    if (existing && existing->kind != source.kind) return StorageErrorCode::invalid_blob_type;
    if (wanted.is_sealed && source.kind != store::BlobKind::append)
        return StorageErrorCode::invalid_blob_type;

    auto encryption = rules::choose_encryption(*container, wanted.guard.encryption);
    if (!encryption) return encryption.error();

    store::Blob blob;
    blob.container_id = container->id;
    blob.name = address.blob;
    blob.encryption = *std::move(encryption);
    blob.kind = source.kind;
    if (source.kind == store::BlobKind::page) blob.size = source.size.value_or(0);
    blob.is_sealed = wanted.is_sealed.value_or(false);
    blob.content = std::move(source.content);
    blob.metadata = wanted.metadata ? *std::move(wanted.metadata) : std::move(source.metadata);
    blob.tags = std::move(wanted.tags).value_or(rules::Tags{});
    blob.tier = std::move(wanted.tier);
    blob.copy = store::CopyState{
        .id = context.random.guid(),
        .source = wanted.source_url,
        .status = CopyStatus::pending,
        .total = source.size.value_or(0),
    };
    protect(blob, wanted.protection);
    replace_blob(transaction, policy, existing, blob, now);
    store::insert_pending_copy(transaction, blob.id);
    auto const waiting = store::find_pending_blob(connection, container->id, address.blob);
    if (waiting) store::drop_pending_blob(transaction, waiting->id);
    transaction.commit();
    if (waiting || leaves_work(policy, existing)) context.storage.clean_soon();
    return blob;
}

bool note_progress(Context const& context, PendingCopy const& copy, std::uint64_t copied) {
    return change_pending(context, copy, [copied](storage::Transaction&, store::Blob& blob, base::TimePoint) {
        blob.copy->copied = copied;
    });
}

bool finish_copy(Context const& context, PendingCopy const& copy, store::NewContent content) {
    auto const change = [&](storage::Transaction& transaction, store::Blob& blob, base::TimePoint now) {
        auto const content_id = content.store(transaction);
        blob.size = content.size();
        if (blob.kind == store::BlobKind::block) {
            blob.content_id = content_id;
        } else if (content_id) {
            blob.layout_id = store::insert_layout(transaction);
            store::insert_segment(
                transaction, *blob.layout_id, {.start = 0, .size = blob.size, .content_id = *content_id}
            );
            if (blob.kind == store::BlobKind::append) blob.committed_blocks = 1;
        }
        blob.copy->copied = blob.size;
        blob.copy->total = blob.size;
        conclude(transaction, blob, CopyStatus::success, now);
    };
    if (!change_pending(context, copy, change)) return false;
    return true;
}

bool fail_copy(Context const& context, PendingCopy const& copy, std::string description) {
    return change_pending(
        context,
        copy,
        [&](storage::Transaction& transaction, store::Blob& blob, base::TimePoint now) {
            make_empty(blob);
            blob.copy->description = std::move(description);
            conclude(transaction, blob, CopyStatus::failed, now);
        }
    );
}

StorageResult<void> abort_copy(
    Context const& context, Address const& address, std::string const& lease_id, std::string_view copy_id
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    auto const fault = rules::find_lease_fault(
        blob->lease, lease_id, rules::LeaseNeed::required, rules::LeasedThing::blob, now
    );
    if (fault) return *fault;
    if (!is_being_copied(*blob)) return StorageErrorCode::no_pending_copy_operation;
    if (blob->copy->id != copy_id) return StorageErrorCode::copy_id_mismatch;
    make_empty(*blob);
    conclude(transaction, *blob, CopyStatus::aborted, now);
    store::update_blob(transaction, *blob);
    transaction.commit();
    return {};
}

void fail_interrupted_copies(Context const& context) {
    auto const ids = store::list_pending_copies(storage::Snapshot(context.storage.database()).connection());
    if (ids.empty()) return;
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    for (auto const id : ids) {
        store::remove_pending_copy(transaction, id);
        auto blob = store::find_blob_by_id(transaction.connection(), id);
        if (!blob || !is_being_copied(*blob)) continue;
        make_empty(*blob);
        blob->copy->description = kInterrupted;
        conclude(transaction, *blob, CopyStatus::failed, now);
        store::update_blob(transaction, *blob);
    }
    transaction.commit();
}

}  // namespace bluebatch::emulator::blob::cases
