#include "emulator/blob/rules/lease.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <chrono>

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageErrorCode;
using storage::blob::Lease;
using Outcome = azure::StorageResult<LeaseOutcome>;

bool is_id_of(Lease const& lease, std::string_view id) {
    return base::equal_ignoring_case(lease.id, id);
}

Lease make_lease(std::string id, std::optional<std::int64_t> seconds, base::TimePoint now) {
    Lease lease{std::move(id), seconds, std::nullopt, std::nullopt};
    if (seconds) lease.expires = now + std::chrono::seconds{*seconds};
    return lease;
}

std::int64_t seconds_until(base::TimePoint time, base::TimePoint now) {
    return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(time - now).count());
}

Outcome acquire(LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now) {
    auto const state = state_of(lease, now);
    if (state == LeaseState::breaking && is_id_of(*lease, request.proposed_id)) {
        return StorageErrorCode::lease_is_breaking_and_cannot_be_acquired;
    }
    bool const is_same = lease && is_id_of(*lease, request.proposed_id);
    if (state == LeaseState::breaking || (state == LeaseState::leased && !is_same)) {
        return StorageErrorCode::lease_already_present;
    }
    return LeaseOutcome{make_lease(request.proposed_id, request.seconds, now), 0};
}

Outcome renew(LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now) {
    auto const state = state_of(lease, now);
    if (state == LeaseState::available || !is_id_of(*lease, request.lease_id)) {
        return StorageErrorCode::lease_id_mismatch_with_lease_operation;
    }
    if (state == LeaseState::breaking || state == LeaseState::broken) {
        return StorageErrorCode::lease_is_broken_and_cannot_be_renewed;
    }
    return LeaseOutcome{make_lease(lease->id, lease->seconds, now), 0};
}

Outcome change(LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now) {
    auto const state = state_of(lease, now);
    if (state == LeaseState::breaking) return StorageErrorCode::lease_is_breaking_and_cannot_be_changed;
    if (state != LeaseState::leased) return StorageErrorCode::lease_not_present_with_lease_operation;
    if (!is_id_of(*lease, request.lease_id) && !is_id_of(*lease, request.proposed_id)) {
        return StorageErrorCode::lease_id_mismatch_with_lease_operation;
    }
    auto changed = *lease;
    changed.id = request.proposed_id;
    return LeaseOutcome{changed, 0};
}

Outcome release(LeaseRequest const& request, OptionalLease const& lease) {
    if (!lease || !is_id_of(*lease, request.lease_id)) {
        return StorageErrorCode::lease_id_mismatch_with_lease_operation;
    }
    return LeaseOutcome{std::nullopt, 0};
}

// The end never moves backwards past a period asked for, and never past the lease's own.
Outcome break_lease(LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now) {
    if (!lease) return StorageErrorCode::lease_not_present_with_lease_operation;
    auto broken = *lease;
    auto end = now;
    switch (state_of(lease, now)) {
        case LeaseState::leased:
            if (lease->expires) {
                end = *lease->expires;
                if (request.break_seconds)
                    end = std::min(end, now + std::chrono::seconds{*request.break_seconds});
            } else {
                end = now + std::chrono::seconds{request.break_seconds.value_or(0)};
            }
            break;
        case LeaseState::breaking:
            end = *lease->breaks;
            if (request.break_seconds)
                end = std::min(end, now + std::chrono::seconds{*request.break_seconds});
            break;
        case LeaseState::available:
        case LeaseState::expired:
        case LeaseState::broken:
            break;
    }
    broken.breaks = end;
    return LeaseOutcome{broken, seconds_until(end, now)};
}

}  // namespace

LeaseState state_of(OptionalLease const& lease, base::TimePoint now) {
    if (!lease) return LeaseState::available;
    if (lease->breaks) return now < *lease->breaks ? LeaseState::breaking : LeaseState::broken;
    if (lease->expires && now >= *lease->expires) return LeaseState::expired;
    return LeaseState::leased;
}

std::string_view to_string(LeaseState state) {
    switch (state) {
        case LeaseState::available:
            return "available";
        case LeaseState::leased:
            return "leased";
        case LeaseState::expired:
            return "expired";
        case LeaseState::breaking:
            return "breaking";
        case LeaseState::broken:
            return "broken";
    }
    return "";
}

bool is_held(OptionalLease const& lease, base::TimePoint now) {
    auto const state = state_of(lease, now);
    return state == LeaseState::leased || state == LeaseState::breaking;
}

Outcome apply(LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now) {
    switch (request.action) {
        case LeaseAction::acquire:
            return acquire(request, lease, now);
        case LeaseAction::renew:
            return renew(request, lease, now);
        case LeaseAction::change:
            return change(request, lease, now);
        case LeaseAction::release:
            return release(request, lease);
        case LeaseAction::break_:
            return break_lease(request, lease, now);
    }
    return StorageErrorCode::invalid_header_value;
}

std::optional<StorageErrorCode> find_lease_fault(
    OptionalLease const& lease,
    std::string_view given_id,
    LeaseNeed need,
    LeasedThing thing,
    base::TimePoint now
) {
    bool const is_blob = thing == LeasedThing::blob;
    bool const held = is_held(lease, now);
    if (given_id.empty()) {
        if (held && need == LeaseNeed::required) return StorageErrorCode::lease_id_missing;
        return std::nullopt;
    }
    if (held && is_id_of(*lease, given_id)) return std::nullopt;
    if (held) {
        return is_blob ? StorageErrorCode::lease_id_mismatch_with_blob_operation
                       : StorageErrorCode::lease_id_mismatch_with_container_operation;
    }
    if (lease && is_id_of(*lease, given_id)) return StorageErrorCode::lease_lost;
    return is_blob ? StorageErrorCode::lease_not_present_with_blob_operation
                   : StorageErrorCode::lease_not_present_with_container_operation;
}

}  // namespace bluebatch::emulator::blob::rules
