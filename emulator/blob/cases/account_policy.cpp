#include "emulator/blob/cases/account_policy.hpp"

#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/fields.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::cases {
namespace {

namespace store = storage::blob;

constexpr std::string_view kBlobDays = "blob-retention-days";
constexpr std::string_view kContainerDays = "container-retention-days";
constexpr std::string_view kPermanent = "permanent-delete";
constexpr std::string_view kVersions = "versions";
constexpr std::string_view kAccess = "access-times";
constexpr std::string_view kImmutable = "immutable-versions";
constexpr std::string_view kRehydration = "rehydration-seconds";

std::string to_document(AccountPolicy const& policy) {
    store::Metadata pairs;
    auto const add_number = [&](std::string_view name, std::optional<std::int64_t> const& number) {
        if (number) pairs.emplace_back(name, std::to_string(*number));
    };
    auto const add_flag = [&](std::string_view name, bool value) {
        if (value) pairs.emplace_back(name, "1");
    };
    add_number(kBlobDays, policy.blob_retention_days);
    add_number(kContainerDays, policy.container_retention_days);
    add_flag(kPermanent, policy.allows_permanent_delete);
    add_flag(kVersions, policy.keeps_versions);
    add_flag(kAccess, policy.tracks_access);
    add_flag(kImmutable, policy.immutable_versions);
    add_number(kRehydration, policy.rehydration_seconds);
    return store::to_column(pairs);
}

AccountPolicy parse_document(std::string_view document) {
    AccountPolicy policy;
    for (auto const& [name, value] : store::parse_metadata(document)) {
        if (name == kBlobDays) policy.blob_retention_days = base::parse_number<std::int64_t>(value);
        if (name == kContainerDays) policy.container_retention_days = base::parse_number<std::int64_t>(value);
        if (name == kRehydration) {
            policy.rehydration_seconds =
                base::parse_number<std::int64_t>(value).value_or(policy.rehydration_seconds);
        }
        if (name == kPermanent) policy.allows_permanent_delete = true;
        if (name == kVersions) policy.keeps_versions = true;
        if (name == kAccess) policy.tracks_access = true;
        if (name == kImmutable) policy.immutable_versions = true;
    }
    return policy;
}

}  // namespace

AccountPolicy AccountPolicies::of(std::string_view account) {
    {
        std::scoped_lock const lock(mutex_);
        if (auto const found = known_.find(account); found != known_.end()) return found->second;
    }
    storage::Snapshot snapshot(database_);
    auto const stored = store::find_account_settings(snapshot.connection(), account);
    auto const policy = stored ? parse_document(*stored) : defaults_;
    std::scoped_lock const lock(mutex_);
    return known_.emplace(account, policy).first->second;
}

void AccountPolicies::change(std::string_view account, std::function<void(AccountPolicy&)> const& change) {
    std::scoped_lock const change_lock(changes_mutex_);
    auto policy = of(account);
    change(policy);
    storage::Transaction transaction(database_);
    store::save_account_settings(transaction, account, to_document(policy));
    transaction.commit();
    std::scoped_lock const lock(mutex_);
    known_.insert_or_assign(std::string{account}, policy);
}

void AccountPolicies::forget(std::string_view account) {
    std::scoped_lock const lock(mutex_);
    if (auto const found = known_.find(account); found != known_.end()) known_.erase(found);
}

}  // namespace bluebatch::emulator::blob::cases
