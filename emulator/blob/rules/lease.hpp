#pragma once

#include "emulator/storage/blob/records.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::rules {

using OptionalLease = std::optional<storage::blob::Lease>;

enum class LeaseState : std::uint8_t { available, leased, expired, breaking, broken };

LeaseState state_of(OptionalLease const& lease, base::TimePoint now);
std::string_view to_string(LeaseState state);
// While it holds, writes need its id.
bool is_held(OptionalLease const& lease, base::TimePoint now);

enum class LeaseAction : std::uint8_t { acquire, renew, change, release, break_ };

struct LeaseRequest {
    LeaseAction action = LeaseAction::acquire;
    std::string lease_id;                       // renew, change, release
    std::string proposed_id;                    // acquire, change; always filled in
    std::optional<std::int64_t> seconds;        // acquire; empty: infinite
    std::optional<std::int64_t> break_seconds;  // break
};

struct LeaseOutcome {
    OptionalLease lease;            // as it is from now on
    std::int64_t seconds_left = 0;  // break: until the lease is broken
};

// Fails with the Lease... codes of the reference.
azure::StorageResult<LeaseOutcome> apply(
    LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now
);

enum class LeasedThing : std::uint8_t { blob, container };
// Without its id a held lease stops a write, not a read.
enum class LeaseNeed : std::uint8_t { required, if_given };

// Why an operation with this lease id (empty: none) must not go on.
std::optional<azure::StorageErrorCode> find_lease_fault(
    OptionalLease const& lease,
    std::string_view given_id,
    LeaseNeed need,
    LeasedThing thing,
    base::TimePoint now
);

}  // namespace bluebatch::emulator::blob::rules
