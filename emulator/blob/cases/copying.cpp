#include "emulator/blob/cases/copying.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/content_store.hpp"

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

// What is in the archive is copied within its account, to a tier that is named.
std::optional<StorageErrorCode> find_source_tier_fault(
    store::Blob const& source, CopySource const& from, Address const& address, CopyBlob const& wanted
) {
    auto const fault = find_offline_fault(source);
    if (fault != StorageErrorCode::blob_archived) return fault;
    bool const is_itself = from.address.account == address.account &&
                           from.address.container == address.container && from.address.blob == address.blob &&
                           !from.address.snapshot && !from.address.version;
    if (!wanted.tier || is_itself || from.address.account != address.account) return fault;
    return std::nullopt;
}

StorageResult<store::Blob> find_source(
    storage::Connection& connection, CopySource const& wanted, base::TimePoint now
) {
    auto source = get_blob(connection, wanted.address, now);
    if (!source) return source_error(source.error());
    if (auto const fault = find_fault(wanted.guard, *source, rules::Purpose::source, now)) return *fault;
    if (is_being_copied(*source)) return source_error(StorageErrorCode::pending_copy_operation);
    if (is_incremental_copy(*source)) {
        return source_error(StorageErrorCode::operation_not_allowed_on_incremental_copy_blob);
    }
    // Copies can't be told the key.
    if (auto const fault = rules::find_key_fault(source->encryption, {})) return source_error(*fault);
    if (wanted.kind && source->kind != *wanted.kind) return StorageErrorCode::invalid_source_blob_type;
    if (source->size > wanted.most_bytes) return source_too_large(wanted.most_bytes);
    return source;
}

store::Blob make_copy(store::Blob const& source, CopyBlob& wanted) {
    store::Blob blob;
    blob.kind = source.kind;
    blob.size = source.size;
    blob.content_id = source.content_id;
    blob.layout_id = source.layout_id;
    blob.sequence_number = source.sequence_number;
    blob.is_sealed = wanted.is_sealed.value_or(source.is_sealed);
    blob.committed_blocks = source.committed_blocks;
    blob.content = source.content;
    blob.metadata = wanted.metadata ? *std::move(wanted.metadata) : source.metadata;
    blob.tags = wanted.tags ? *std::move(wanted.tags) : source.tags;
    blob.tier = std::move(wanted.tier);
    return blob;
}

}  // namespace

StorageResult<store::Blob> copy_blob(
    Context const& context, Address const& address, CopySource const& wanted_source, CopyBlob wanted
) {
    auto const now = context.clock.now();
    auto const copy_id = context.random.guid();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const source = find_source(connection, wanted_source, now);
    if (!source) return source.error();
    auto const tier_fault = find_source_tier_fault(*source, wanted_source, address, wanted);
    if (tier_fault) return *tier_fault;
    auto const existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && wanted.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    if (auto const fault = find_write_fault(wanted.guard, existing, now)) return *fault;
    auto const policy = context.policies.of(address.account);
    if (auto const fault = find_overwrite_fault(existing, policy, now)) return *fault;
    if (auto const fault = find_protection_fault(*container, wanted.protection, now)) return *fault;
    if (existing && existing->kind != source->kind) return StorageErrorCode::invalid_blob_type;
    if (wanted.is_sealed && source->kind != store::BlobKind::append) {
        return StorageErrorCode::invalid_blob_type;
    }

    auto encryption = rules::choose_encryption(*container, wanted.guard.encryption);
    if (!encryption) return encryption.error();

    auto blob = make_copy(*source, wanted);
    blob.encryption = *std::move(encryption);
    if (source->tier == kArchive && blob.tier != kArchive) {
        blob.rehydration = begin_rehydration(context, address.account, {*blob.tier, wanted.priority}, now);
        blob.tier = kArchive;
    }
    blob.container_id = container->id;
    blob.name = address.blob;
    if (wanted.record == CopyRecord::kept) {
        blob.copy = store::CopyState{
            .id = copy_id,
            .source = wanted.source_url,
            .copied = blob.size,
            .total = blob.size,
            .completed = now,
        };
    }
    store::share_blob_content(transaction, *source);
    protect(blob, wanted.protection);
    replace_blob(transaction, policy, existing, blob, now);
    auto const pending = store::find_pending_blob(connection, container->id, address.blob);
    if (pending) store::drop_pending_blob(transaction, pending->id);
    transaction.commit();

    if (pending || leaves_work(policy, existing)) context.storage.clean_soon();
    return blob;
}

StorageError source_error(int status, std::string code, std::string message) {
    constexpr int kServerFault = 500;
    constexpr int kBadRequest = 400;
    auto error = StorageError{StorageErrorCode::cannot_verify_copy_source}.with_message(message);
    // An answer that is neither a success nor an error, a redirection say, is the fault of the request.
    error.given_status = std::min(status < kBadRequest ? kBadRequest : status, kServerFault);
    error.details.emplace_back("CopySourceStatusCode", std::to_string(status));
    if (!code.empty()) error.details.emplace_back("CopySourceErrorCode", std::move(code));
    if (!message.empty()) error.details.emplace_back("CopySourceErrorMessage", std::move(message));
    return error;
}

StorageError source_error(StorageError const& fault) {
    auto const& row = azure::row_of(fault.code);
    return source_error(
        fault.status(),
        std::string{row.name},
        fault.message.empty() ? std::string{row.message} : fault.message
    );
}

StorageError source_too_large(std::uint64_t most_bytes) {
    constexpr std::uint64_t kMiB = 1 << 20;
    constexpr int kConflict = 409;
    auto error = StorageError{StorageErrorCode::cannot_verify_copy_source}.with_message(
        "The source request body for copy source is too large and exceeds the maximum permissible limit (" +
        std::to_string(most_bytes / kMiB) + "MB)."
    );
    error.given_status = kConflict;
    return error;
}

}  // namespace bluebatch::emulator::blob::cases
