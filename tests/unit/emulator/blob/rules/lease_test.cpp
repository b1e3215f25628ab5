#include "emulator/blob/rules/lease.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageErrorCode;
using enum LeaseAction;
using storage::blob::Lease;

constexpr base::TimePoint kNow{base::Ticks{17'095'464'000'000'000}};

base::TimePoint after(int seconds) {
    return kNow + std::chrono::seconds{seconds};
}

OptionalLease leased(std::string const& id, std::optional<std::int64_t> seconds) {
    return apply({acquire, {}, id, seconds, {}}, std::nullopt, kNow).value().lease;
}

StorageErrorCode refusal(LeaseRequest const& request, OptionalLease const& lease, base::TimePoint now) {
    auto const outcome = apply(request, lease, now);
    EXPECT_FALSE(outcome);
    return outcome.error().code;
}

TEST(Lease, GoesThroughItsStates) {
    EXPECT_EQ(state_of(std::nullopt, kNow), LeaseState::available);
    auto const lease = leased("a", 15);
    EXPECT_EQ(state_of(lease, after(14)), LeaseState::leased);
    EXPECT_EQ(state_of(lease, after(15)), LeaseState::expired);
    EXPECT_EQ(state_of(leased("a", {}), after(1'000'000)), LeaseState::leased);
    auto const breaking = apply({break_, {}, {}, {}, 10}, lease, kNow).value();
    EXPECT_EQ(breaking.seconds_left, 10);
    EXPECT_EQ(state_of(breaking.lease, after(9)), LeaseState::breaking);
    EXPECT_EQ(state_of(breaking.lease, after(10)), LeaseState::broken);
    EXPECT_EQ(apply({release, "a", {}, {}, {}}, breaking.lease, kNow).value().lease, std::nullopt);
}

TEST(Lease, BelongsToOneHolder) {
    auto const lease = leased("a", 15);

    EXPECT_EQ(refusal({acquire, {}, "b", 15, {}}, lease, kNow), StorageErrorCode::lease_already_present);
    EXPECT_TRUE(apply({acquire, {}, "a", 60, {}}, lease, kNow));
    EXPECT_TRUE(apply({acquire, {}, "b", 15, {}}, lease, after(15)));
    for (auto const action : {renew, change, release}) {
        EXPECT_EQ(
            refusal({action, "b", "c", {}, {}}, lease, kNow),
            StorageErrorCode::lease_id_mismatch_with_lease_operation
        );
    }
}

TEST(Lease, IsRenewedEvenWhenExpired) {
    auto const renewed = apply({renew, "a", {}, {}, {}}, leased("a", 15), after(20)).value().lease;

    EXPECT_EQ(state_of(renewed, after(34)), LeaseState::leased);
}

TEST(Lease, ThatIsBreakingCannotBeTakenUpAgain) {
    auto const breaking = apply({break_, {}, {}, {}, 10}, leased("a", {}), kNow).value().lease;

    EXPECT_EQ(
        refusal({acquire, {}, "a", 15, {}}, breaking, kNow),
        StorageErrorCode::lease_is_breaking_and_cannot_be_acquired
    );
    EXPECT_EQ(refusal({acquire, {}, "b", 15, {}}, breaking, kNow), StorageErrorCode::lease_already_present);
    EXPECT_EQ(
        refusal({renew, "a", {}, {}, {}}, breaking, kNow),
        StorageErrorCode::lease_is_broken_and_cannot_be_renewed
    );
    EXPECT_EQ(
        refusal({change, "a", "b", {}, {}}, breaking, kNow),
        StorageErrorCode::lease_is_breaking_and_cannot_be_changed
    );
}

TEST(Lease, BreaksNoLaterThanItEnds) {
    EXPECT_EQ(apply({break_, {}, {}, {}, 60}, leased("a", 15), after(5)).value().seconds_left, 10);
    EXPECT_EQ(apply({break_, {}, {}, {}, {}}, leased("a", 15), after(5)).value().seconds_left, 10);
    EXPECT_EQ(apply({break_, {}, {}, {}, {}}, leased("a", {}), kNow).value().seconds_left, 0);
    EXPECT_EQ(
        refusal({break_, {}, {}, {}, {}}, std::nullopt, kNow),
        StorageErrorCode::lease_not_present_with_lease_operation
    );
}

TEST(Lease, GuardsWritesAndChecksIdsOfReads) {
    auto const lease = leased("a", 15);
    auto const fault = [&](OptionalLease const& of, std::string_view id, LeaseNeed need, int seconds = 0) {
        return find_lease_fault(of, id, need, LeasedThing::blob, after(seconds));
    };

    EXPECT_EQ(fault(lease, "", LeaseNeed::required), StorageErrorCode::lease_id_missing);
    EXPECT_EQ(fault(lease, "", LeaseNeed::if_given), std::nullopt);
    EXPECT_EQ(fault(lease, "a", LeaseNeed::required), std::nullopt);
    EXPECT_EQ(
        fault(lease, "b", LeaseNeed::if_given), StorageErrorCode::lease_id_mismatch_with_blob_operation
    );
    EXPECT_EQ(fault(lease, "a", LeaseNeed::required, 20), StorageErrorCode::lease_lost);
    EXPECT_EQ(fault(lease, "", LeaseNeed::required, 20), std::nullopt);
    EXPECT_EQ(
        fault(std::nullopt, "a", LeaseNeed::required), StorageErrorCode::lease_not_present_with_blob_operation
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
