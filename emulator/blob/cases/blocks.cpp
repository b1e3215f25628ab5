#include "emulator/blob/cases/blocks.hpp"

#include "emulator/blob/cases/layouts.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/cases/replacing.hpp"
#include "emulator/blob/rules/names.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/layout_store.hpp"

#include <algorithm>
#include <unordered_map>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;
using BlockIndex = std::unordered_map<std::string_view, store::Block const*>;

BlockIndex index_of(std::vector<store::Block> const& blocks) {
    BlockIndex index;
    index.reserve(blocks.size());
    for (auto const& block : blocks)
        index.emplace(block.id, &block);
    return index;
}

store::Block const* find_in(BlockIndex const& index, std::string_view id) {
    auto const found = index.find(id);
    return found == index.end() ? nullptr : found->second;
}

struct BlockChoice {
    std::vector<store::Block> blocks;
    std::unordered_map<std::int64_t, int> uses;  // by content
    std::uint64_t size = 0;
};

StorageResult<BlockChoice> choose_blocks(
    std::vector<WantedBlock> const& wanted,
    std::vector<store::Block> const& committed,
    std::vector<store::Block> const& uncommitted
) {
    auto const committed_index = index_of(committed);
    auto const uncommitted_index = index_of(uncommitted);
    BlockChoice choice;
    choice.blocks.reserve(wanted.size());
    for (auto const& [source, id] : wanted) {
        store::Block const* block = nullptr;
        if (source != BlockSource::committed) block = find_in(uncommitted_index, id);
        if (block == nullptr && source != BlockSource::uncommitted) block = find_in(committed_index, id);
        if (block == nullptr) return StorageErrorCode::invalid_block_list;
        choice.blocks.push_back(*block);
        ++choice.uses[block->content_id];
        choice.size += block->size;
    }
    return choice;
}

// Takes the reference of every waiting block that is used for one of its uses; the others are dropped.
void settle_waiting(
    storage::Transaction& transaction,
    BlockChoice& choice,
    std::int64_t pending_id,
    std::vector<store::Block> const& uncommitted
) {
    auto const use_of = [&](store::Block const& block) { return choice.uses.find(block.content_id); };
    bool const are_all_used = std::ranges::all_of(uncommitted, [&](store::Block const& block) {
        return use_of(block) != choice.uses.end();
    });
    for (auto const& block : uncommitted) {
        auto const use = use_of(block);
        if (use == choice.uses.end()) continue;
        --use->second;
        if (!are_all_used) store::hand_over_block(transaction, pending_id, block.id);
    }
    if (are_all_used) {
        store::forget_pending_blob(transaction, pending_id);
    } else {
        store::drop_pending_blob(transaction, pending_id);
    }
}

void add_references(storage::Transaction& transaction, BlockChoice const& choice) {
    for (auto const& [content_id, count] : choice.uses) {
        for (int i = 0; i < count; ++i)
            store::add_reference(transaction, content_id);
    }
}

}  // namespace

StorageResult<void> put_block(
    Context const& context,
    Address const& address,
    std::string_view block_id,
    Guard const& guard,
    store::NewContent content
) {
    auto const id_length = rules::check_block_id(block_id);
    if (!id_length) return id_length.error();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const now = context.clock.now();
    auto existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && existing->kind != store::BlobKind::block) return StorageErrorCode::invalid_blob_type;
    if (auto const fault = find_write_fault({{}, guard.lease_id}, existing, now)) return *fault;
    auto const encryption = rules::choose_encryption(*container, guard.encryption);
    if (!encryption) return encryption.error();

    auto pending = store::find_pending_blob(connection, container->id, address.blob);
    bool const is_first = !pending;
    if (!pending) {
        pending = store::insert_pending_blob(
            transaction,
            container->id,
            address.blob,
            {.block_id_length = *id_length, .encryption = *encryption}
        );
    }
    if (auto const fault = rules::find_key_fault(pending->encryption, guard.encryption)) return *fault;
    if (pending->block_id_length != *id_length) return StorageErrorCode::invalid_blob_or_block;
    if (pending->block_count >= kMaxUncommittedBlocks) return StorageErrorCode::block_count_exceeds_limit;
    auto const content_id = content.store(transaction);
    store::put_pending_block(
        transaction, pending->id, {std::string{block_id}, content_id.value(), content.size()}, now
    );
    if (existing && end_lost_lease(*existing, now)) store::update_blob(transaction, *existing);
    // A block of the same id may have been replaced.
    commit_and_clean(context, transaction);
    // It has a deadline now to look out for.
    if (is_first) context.storage.clean_soon();
    return {};
}

StorageResult<store::Blob> put_block_list(
    Context const& context, Address const& address, std::vector<WantedBlock> const& wanted, NewBlob properties
) {
    if (wanted.size() > kMaxCommittedBlocks) return StorageErrorCode::block_list_too_long;
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const existing = find_existing(transaction, container->id, address.blob, now);
    if (existing && properties.overwrite == Overwrite::forbidden) {
        return StorageErrorCode::unauthorized_blob_overwrite;
    }
    if (existing && existing->kind != store::BlobKind::block) return StorageErrorCode::invalid_blob_type;
    if (auto const fault = find_write_fault(properties.guard, existing, now)) return *fault;
    auto const policy = context.policies.of(address.account);
    if (auto const fault = find_overwrite_fault(existing, policy, now)) return *fault;
    if (auto const fault = find_protection_fault(*container, properties.protection, now)) return *fault;

    auto const pending = store::find_pending_blob(connection, container->id, address.blob);
    auto const uncommitted =
        pending ? store::list_pending_blocks(connection, pending->id) : std::vector<store::Block>{};
    auto const committed = existing && existing->layout_id
                               ? store::list_committed_blocks(connection, *existing->layout_id)
                               : std::vector<store::Block>{};
    auto choice = choose_blocks(wanted, committed, uncommitted);
    if (!choice) return choice.error();
    // Blocks that were encrypted with one key can't make up a blob of another.
    auto encryption = rules::choose_encryption(*container, properties.guard.encryption);
    if (!encryption) return encryption.error();
    for (auto const* const source :
         {pending ? &pending->encryption : nullptr,
          existing && !committed.empty() ? &existing->encryption : nullptr}) {
        if (source == nullptr || wanted.empty()) continue;
        if (auto const fault = rules::find_key_fault(*source, properties.guard.encryption)) return *fault;
    }

    store::Blob blob;
    blob.container_id = container->id;
    blob.name = address.blob;
    blob.encryption = *std::move(encryption);
    blob.size = choice->size;
    blob.content = std::move(properties.content);
    blob.metadata = std::move(properties.metadata);
    blob.tags = std::move(properties.tags);
    blob.tier = std::move(properties.tier);
    blob.expires = time_of(properties.expiry, now, now);
    if (pending) settle_waiting(transaction, *choice, pending->id, uncommitted);
    add_references(transaction, *choice);
    if (!choice->blocks.empty()) {
        blob.layout_id = store::insert_layout(transaction);
        store::insert_committed_blocks(transaction, *blob.layout_id, choice->blocks);
    }
    protect(blob, properties.protection);
    replace_blob(transaction, policy, existing, blob, now);
    transaction.commit();
    if (pending || blob.expires || leaves_work(policy, existing)) context.storage.clean_soon();
    return blob;
}

StorageResult<BlockLists> get_block_list(Context const& context, Address const& address, Guard const& guard) {
    storage::Snapshot snapshot(context.storage.database());
    auto& connection = snapshot.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto const now = context.clock.now();
    BlockLists lists;
    auto blob = get_blob(connection, address, now);
    if (blob) lists.blob = *std::move(blob);
    bool const names_state = address.snapshot || address.version;
    auto const pending =
        names_state ? std::nullopt : store::find_pending_blob(connection, container->id, address.blob);
    if (!lists.blob && !pending) return StorageErrorCode::blob_not_found;
    if (lists.blob) {
        if (lists.blob->kind != store::BlobKind::block) return StorageErrorCode::invalid_blob_type;
        auto const fault = find_fault(guard, *lists.blob, rules::Purpose::read, now);
        if (fault) return *fault;
        if (lists.blob->layout_id) {
            lists.committed = store::list_committed_blocks(connection, *lists.blob->layout_id);
        }
    }
    if (pending) lists.uncommitted = store::list_pending_blocks(connection, pending->id);
    return lists;
}

}  // namespace bluebatch::emulator::blob::cases
