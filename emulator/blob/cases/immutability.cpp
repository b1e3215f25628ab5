#include "emulator/blob/cases/immutability.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/storage/blob/blob_store.hpp"

#include <functional>

namespace bluebatch::emulator::blob::cases {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

StorageError not_enabled() {
    return StorageError{StorageErrorCode::invalid_operation}.with_message(
        "Policies and legal holds of blobs need a container that was made with version-level immutability."
    );
}

StorageResult<store::Blob> change_protection(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    std::function<std::optional<StorageError>(store::Blob&, base::TimePoint)> const& change
) {
    auto const now = context.clock.now();
    storage::Transaction transaction(context.storage.database());
    auto& connection = transaction.connection();
    auto const container = get_container(connection, address);
    if (!container) return container.error();
    auto blob = get_blob(connection, address, now);
    if (!blob) return blob.error();
    if (!container->has_immutable_versions) return not_enabled();
    auto const unmet = rules::find_unmet_condition(conditions, entity_of(*blob), rules::Purpose::write);
    if (unmet) return *unmet;
    if (auto const fault = change(*blob, now)) return *fault;
    // What is protected does not expire.
    if (find_immutability_fault(*blob, now)) blob->expires.reset();
    store::update_blob(transaction, *blob);
    transaction.commit();
    return blob;
}

bool is_locked(store::Blob const& blob) {
    return blob.immutability && blob.immutability->mode == store::ImmutabilityMode::locked;
}

StorageError passed_time(base::TimePoint until) {
    return azure::invalid_header("x-ms-immutability-policy-until-date", base::to_rfc1123(until));
}

}  // namespace

std::optional<StorageError> find_protection_fault(
    store::Container const& container, Protection const& wanted, base::TimePoint now
) {
    if (!wanted.policy && wanted.hold == LegalHold::off) return std::nullopt;
    if (!container.has_immutable_versions) return not_enabled();
    if (wanted.policy && wanted.policy->until <= now) return passed_time(wanted.policy->until);
    return std::nullopt;
}

void protect(store::Blob& blob, Protection const& wanted) {
    blob.immutability = wanted.policy;
    blob.has_legal_hold = wanted.hold == LegalHold::on;
    if (blob.immutability || blob.has_legal_hold) blob.expires.reset();
}

std::optional<StorageErrorCode> find_immutability_fault(store::Blob const& blob, base::TimePoint now) {
    if (blob.has_legal_hold) return StorageErrorCode::blob_immutable_due_to_legal_hold;
    if (blob.immutability && blob.immutability->until > now) {
        return StorageErrorCode::blob_immutable_due_to_policy;
    }
    return std::nullopt;
}

std::optional<StorageErrorCode> find_overwrite_fault(
    std::optional<store::Blob> const& existing, AccountPolicy const& policy, base::TimePoint now
) {
    if (!existing || policy.keeps_versions) return std::nullopt;
    return find_immutability_fault(*existing, now);
}

StorageResult<store::Blob> set_immutability(
    Context const& context,
    Address const& address,
    rules::Conditions const& conditions,
    store::Immutability const& wanted
) {
    auto const change = [&](store::Blob& blob, base::TimePoint now) -> std::optional<StorageError> {
        if (wanted.until <= now) return passed_time(wanted.until);
        bool const is_less = wanted.mode != store::ImmutabilityMode::locked ||
                             (blob.immutability && wanted.until < blob.immutability->until);
        if (is_locked(blob) && is_less) return StorageErrorCode::blob_immutable_due_to_policy;
        blob.immutability = wanted;
        return std::nullopt;
    };
    return change_protection(context, address, conditions, change);
}

StorageResult<void> delete_immutability(Context const& context, Address const& address) {
    auto const change = [](store::Blob& blob, base::TimePoint) -> std::optional<StorageError> {
        if (is_locked(blob)) return StorageErrorCode::blob_immutable_due_to_policy;
        blob.immutability.reset();
        return std::nullopt;
    };
    auto const blob = change_protection(context, address, {}, change);
    if (!blob) return blob.error();
    return {};
}

StorageResult<void> set_legal_hold(Context const& context, Address const& address, LegalHold hold) {
    auto const change = [hold](store::Blob& blob, base::TimePoint) -> std::optional<StorageError> {
        blob.has_legal_hold = hold == LegalHold::on;
        return std::nullopt;
    };
    auto const blob = change_protection(context, address, {}, change);
    if (!blob) return blob.error();
    return {};
}

}  // namespace bluebatch::emulator::blob::cases
