#include "emulator/blob/cases/replacing.hpp"

#include "emulator/blob/cases/lookup.hpp"
#include "emulator/blob/rules/lease.hpp"
#include "emulator/storage/blob/blob_store.hpp"

#include <algorithm>
#include <chrono>

namespace bluebatch::emulator::blob::cases {
namespace {

std::optional<store::SoftDeletion> deletion_of(AccountPolicy const& policy, base::TimePoint now) {
    if (!policy.blob_retention_days) return std::nullopt;
    return store::SoftDeletion{now, now + std::chrono::days{*policy.blob_retention_days}};
}

void set_aside(
    storage::Transaction& transaction, store::Blob blob, store::Stage stage, base::TimePoint moment
) {
    blob.stage = stage;
    blob.moment = moment;
    blob.lease.reset();
    store::update_blob(transaction, blob);
}

// A deleted blob whose name is taken again can still come back as a snapshot.
void make_room(storage::Transaction& transaction, store::Blob const& wanted, base::TimePoint now) {
    auto& connection = transaction.connection();
    auto const deleted = store::find_deleted_blob(connection, wanted.container_id, wanted.name);
    if (!deleted) return;
    auto const moment = fresh_moment(connection, wanted.container_id, wanted.name, now);
    set_aside(transaction, *deleted, store::Stage::snapshot, moment);
}

void keep_as_version(storage::Transaction& transaction, store::Blob const& blob) {
    set_aside(transaction, blob, store::Stage::version, blob.version.value_or(blob.last_modified));
}

}  // namespace

base::TimePoint fresh_moment(
    storage::Connection& connection, std::int64_t container_id, std::string_view name, base::TimePoint now
) {
    auto moment = now;
    auto const last = store::find_last_moment(connection, container_id, name);
    if (last) moment = std::max(moment, *last + base::Ticks{1});
    auto const current = store::find_blob(connection, container_id, name);
    // A blob from before versions were kept becomes one by the time of its last change.
    if (current)
        moment = std::max(moment, current->version.value_or(current->last_modified) + base::Ticks{1});
    return moment;
}

void replace_blob(
    storage::Transaction& transaction,
    AccountPolicy const& policy,
    std::optional<store::Blob> const& existing,
    store::Blob& blob,
    base::TimePoint now
) {
    auto& connection = transaction.connection();
    blob.created = now;
    if (existing) {
        blob.etag = existing->etag;
        if (rules::is_held(existing->lease, now)) blob.lease = existing->lease;
    }
    touch(blob, now);
    if (policy.tracks_access) blob.accessed = now;
    if (policy.keeps_versions) blob.version = fresh_moment(connection, blob.container_id, blob.name, now);
    if (!existing) {
        if (policy.blob_retention_days) make_room(transaction, blob, now);
        store::insert_blob(transaction, blob);
    } else if (policy.keeps_versions) {
        keep_as_version(transaction, *existing);
        store::insert_blob(transaction, blob);
    } else if (auto const deletion = deletion_of(policy, now)) {
        auto old = *existing;
        old.deletion = deletion;
        auto const moment = fresh_moment(connection, blob.container_id, blob.name, now);
        set_aside(transaction, std::move(old), store::Stage::snapshot, moment);
        store::insert_blob(transaction, blob);
    } else {
        blob.id = existing->id;
        store::release_blob_content(transaction, *existing);
        store::update_blob(transaction, blob);
    }
}

void save_changed(
    storage::Transaction& transaction,
    AccountPolicy const& policy,
    store::Blob const& existing,
    store::Blob& changed,
    base::TimePoint now
) {
    if (!policy.keeps_versions) {
        store::update_blob(transaction, changed);
        return;
    }
    // What protects the old version does not hold for the new one.
    changed.immutability.reset();
    changed.has_legal_hold = false;
    changed.version = fresh_moment(transaction.connection(), existing.container_id, existing.name, now);
    store::share_blob_content(transaction, existing);
    keep_as_version(transaction, existing);
    store::insert_blob(transaction, changed);
}

Removal remove_current(
    storage::Transaction& transaction, AccountPolicy const& policy, store::Blob blob, base::TimePoint now
) {
    if (policy.keeps_versions) {
        keep_as_version(transaction, blob);
        return Removal::retained;
    }
    auto const deletion = deletion_of(policy, now);
    if (!deletion) {
        store::remove_blob(transaction, blob);
        return Removal::permanent;
    }
    make_room(transaction, blob, now);
    blob.deletion = deletion;
    blob.lease.reset();
    store::update_blob(transaction, blob);
    return Removal::retained;
}

Removal remove_aside(
    storage::Transaction& transaction, AccountPolicy const& policy, store::Blob blob, base::TimePoint now
) {
    auto const deletion = deletion_of(policy, now);
    if (!deletion) {
        store::remove_blob(transaction, blob);
        return Removal::permanent;
    }
    blob.deletion = deletion;
    store::update_blob(transaction, blob);
    return Removal::retained;
}

bool leaves_work(AccountPolicy const& policy, std::optional<store::Blob> const& replaced) {
    if (!replaced) return false;
    bool const has_deadline = policy.blob_retention_days && !policy.keeps_versions;
    bool const has_file = replaced->content_id && replaced->size > store::BlobStorage::kInlineLimit;
    return has_deadline || has_file || replaced->layout_id;
}

}  // namespace bluebatch::emulator::blob::cases
