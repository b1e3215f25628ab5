#pragma once

#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/context.hpp"
#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <optional>

// What becomes of a state of a blob when another takes its place or it is deleted: nothing, a version, or a
// soft deletion.
namespace bluebatch::emulator::blob::cases {

// Writes `blob`, whose address and content are set, over `existing` or as a new row, and gives it its times
// and its version. What a client keeps over a new content, its lease, is kept. The new content must already
// count this owner.
void replace_blob(
    storage::Transaction& transaction,
    AccountPolicy const& policy,
    std::optional<store::Blob> const& existing,
    store::Blob& blob,
    base::TimePoint now
);

// Saves a change that makes a new version of the same bytes where versions are kept.
void save_changed(
    storage::Transaction& transaction,
    AccountPolicy const& policy,
    store::Blob const& existing,
    store::Blob& changed,
    base::TimePoint now
);

enum class Removal : std::uint8_t { permanent, retained };

// Takes the blob itself away.
Removal remove_current(
    storage::Transaction& transaction, AccountPolicy const& policy, store::Blob blob, base::TimePoint now
);
// Takes a snapshot or a version that is not the current one away.
Removal remove_aside(
    storage::Transaction& transaction, AccountPolicy const& policy, store::Blob blob, base::TimePoint now
);

// A time for a snapshot or version that no other state of the name has.
base::TimePoint fresh_moment(
    storage::Connection& connection, std::int64_t container_id, std::string_view name, base::TimePoint now
);

// Whether the cleaner has work once replace_blob() has replaced this one, be it at once or when its time is
// over.
bool leaves_work(AccountPolicy const& policy, std::optional<store::Blob> const& replaced);

}  // namespace bluebatch::emulator::blob::cases
