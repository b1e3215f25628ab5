#include "emulator/blob/cases/account_policy.hpp"

#include "emulator/storage/blob/blob_storage.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace bluebatch::emulator::blob::cases {
namespace {

class AccountPoliciesTest : public testing::Test {
protected:
    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    storage::blob::BlobStorage storage_{folder_.path(), storage::Durability::process, clock_};
    AccountPolicies policies_{storage_.database(), {}};
};

TEST_F(AccountPoliciesTest, OutliveWhoeverKeptThem) {
    policies_.change("acc", [](AccountPolicy& policy) { policy.keeps_versions = true; });

    AccountPolicies again{storage_.database(), {}};
    EXPECT_TRUE(again.of("acc").keeps_versions);
    EXPECT_FALSE(again.of("other").keeps_versions);
}

TEST_F(AccountPoliciesTest, KeepBothOfTwoChangesAtTheSameTime) {
    constexpr std::int64_t kChanges = 100;
    auto const change_again_and_again = [this](std::optional<std::int64_t> AccountPolicy::*mine) {
        std::int64_t lost = 0;
        for (std::int64_t i = 1; i <= kChanges; ++i) {
            policies_.change("acc", [&](AccountPolicy& policy) { policy.*mine = i; });
            if (policies_.of("acc").*mine != i) ++lost;
        }
        EXPECT_EQ(lost, 0);
    };

    std::jthread other(change_again_and_again, &AccountPolicy::blob_retention_days);
    change_again_and_again(&AccountPolicy::container_retention_days);
}

}  // namespace
}  // namespace bluebatch::emulator::blob::cases
