#include "emulator/blob/cases/account_policy.hpp"

#include "emulator/storage/blob/blob_storage.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

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
    std::future<void> second;
    policies_.change("acc", [&](AccountPolicy& policy) {
        policy.blob_retention_days = 1;
        second = std::async(std::launch::async, [this] {
            policies_.change("acc", [](AccountPolicy& other) { other.container_retention_days = 2; });
        });
        // Long enough for it to be done if nothing held it up.
        second.wait_for(std::chrono::milliseconds{200});
    });
    second.get();

    EXPECT_EQ(policies_.of("acc").blob_retention_days, 1);
    EXPECT_EQ(policies_.of("acc").container_retention_days, 2);
}

}  // namespace
}  // namespace bluebatch::emulator::blob::cases
