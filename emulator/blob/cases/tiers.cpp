#include "emulator/blob/cases/tiers.hpp"

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"

#include <chrono>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageErrorCode;

constexpr std::string_view kHigh = "High";
constexpr std::string_view kStandard = "Standard";
// How much sooner a blob comes that is in a hurry.
constexpr int kHighSpeed = 5;

// All that can be changed of a rehydration is that it becomes urgent.
azure::StorageResult<TierChange> hasten(
    Context const& context,
    std::string_view account,
    SetTier const& wanted,
    store::Blob& blob,
    base::TimePoint now
) {
    if (wanted.tier != blob.rehydration->tier) return StorageErrorCode::blob_being_rehydrated;
    if (wanted.priority == Priority::high && blob.rehydration->priority != kHigh) {
        auto const done = blob.rehydration->done;
        blob.rehydration = begin_rehydration(context, account, wanted, now);
        blob.rehydration->done = std::min(done, blob.rehydration->done);
    }
    return TierChange::pending;
}

}  // namespace

store::Rehydration begin_rehydration(
    Context const& context, std::string_view account, SetTier const& wanted, base::TimePoint now
) {
    base::Ticks time = std::chrono::seconds{context.policies.of(account).rehydration_seconds};
    bool const is_urgent = wanted.priority == Priority::high;
    if (is_urgent) time /= kHighSpeed;
    return {wanted.tier, std::string{is_urgent ? kHigh : kStandard}, now + time};
}

void settle_tier(store::Blob& blob, base::TimePoint now) {
    if (!blob.rehydration || blob.rehydration->done > now) return;
    blob.tier = blob.rehydration->tier;
    blob.tier_changed = blob.rehydration->done;
    blob.rehydration.reset();
}

std::optional<StorageErrorCode> find_offline_fault(store::Blob const& blob) {
    if (blob.rehydration) return StorageErrorCode::blob_being_rehydrated;
    if (blob.tier == kArchive) return StorageErrorCode::blob_archived;
    return std::nullopt;
}

azure::StorageResult<TierChange> set_tier(
    Context const& context, Address const& address, Guard const& guard, SetTier const& wanted
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto blob = get_blob(transaction.connection(), address, now);
    if (!blob) return blob.error();
    if (auto const fault = find_fault(guard, *blob, rules::Purpose::write, now)) return *fault;
    if (blob->kind != store::BlobKind::block) return StorageErrorCode::invalid_blob_type;
    auto change = TierChange::done;
    if (blob->rehydration) {
        auto const hastened = hasten(context, address.account, wanted, *blob, now);
        if (!hastened) return hastened.error();
        change = *hastened;
    } else if (blob->tier == kArchive && wanted.tier != kArchive) {
        blob->rehydration = begin_rehydration(context, address.account, wanted, now);
        change = TierChange::pending;
    } else {
        blob->tier = wanted.tier;
        blob->tier_changed = now;
    }
    store::update_blob(transaction, *blob);
    transaction.commit();
    return change;
}

}  // namespace bluebatch::emulator::blob::cases
