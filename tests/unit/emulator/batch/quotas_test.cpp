#include "tests/unit/emulator/batch/service_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

// An account that may have two pools and two jobs.
class WithQuotas : public ServiceFixture {
protected:
    WithQuotas() : ServiceFixture({.pools = 2, .active_jobs_and_schedules = 2}) {}
};

// Batch: QUO-1
TEST_F(WithQuotas, NoMorePoolsAreAdded) {
    EXPECT_EQ(post("/pools", a_pool("a")).status, 201);
    EXPECT_EQ(post("/pools", a_pool("b")).status, 201);

    auto const refused = post("/pools", a_pool("c"));

    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "PoolQuotaReached");
    EXPECT_EQ(post("/pools", a_pool("A")).code(), "PoolExists");
    EXPECT_EQ(get("/pools").json()["value"].size(), 2U);
}

// Batch: QUO-1
TEST_F(WithQuotas, NoMoreActiveJobsAreAdded) {
    add_job("job");
    add_job("b");

    auto const refused = post("/jobs", a_job("c"));

    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "ActiveJobAndScheduleQuotaReached");
    change_job([](domain::Job& job) { job.state = domain::JobState::completed; });
    EXPECT_EQ(post("/jobs", a_job("c")).status, 201);
}

}  // namespace
}  // namespace bluebatch::emulator::batch
