#include "client/cli/commands/sync_plan.hpp"

#include <gmock/gmock.h>

#include <tuple>

namespace bluebatch::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

base::TimePoint at(int hour) {
    return base::TimePoint{} + std::chrono::hours(hour);
}

SyncEntry entry(std::string name, std::uint64_t size, int hour, std::string md5 = {}) {
    return {std::move(name), size, at(hour), std::move(md5)};
}

std::string no_file_is_read(std::string const& name) {
    ADD_FAILURE() << "read " << name;
    return {};
}

using Step = std::tuple<SyncAction, std::string, std::string>;

std::vector<Step> plan(
    std::vector<SyncEntry> source,
    std::vector<SyncEntry> target,
    Extras extras = Extras::keep,
    std::function<std::string(std::string const&)> const& md5 = &no_file_is_read
) {
    std::vector<Step> steps;
    for (auto const& step : plan_sync(std::move(source), std::move(target), extras, md5))
        steps.emplace_back(step.action, step.name, step.reason);
    return steps;
}

TEST(PlanSync, TransfersWhatIsNewInOrderOfNames) {
    EXPECT_THAT(
        plan({entry("b", 1, 1), entry("a", 1, 1)}, {}),
        ElementsAre(Step{SyncAction::transfer, "a", "new"}, Step{SyncAction::transfer, "b", "new"})
    );
    EXPECT_THAT(plan({}, {}), IsEmpty());
}

TEST(PlanSync, ReadsNoFileWhereSizesDiffer) {
    EXPECT_THAT(
        plan({entry("a", 1, 1)}, {entry("a", 2, 9, "md5")}),
        ElementsAre(Step{SyncAction::transfer, "a", "size differs"})
    );
}

TEST(PlanSync, ComparesContentsByMd5WhateverTheTimes) {
    auto const md5 = [](std::string const&) { return std::string("same"); };
    EXPECT_THAT(
        plan({entry("a", 1, 9)}, {entry("a", 1, 1, "same")}, Extras::keep, md5),
        ElementsAre(Step{SyncAction::keep, "a", "equal"})
    );
    EXPECT_THAT(
        plan({entry("a", 1, 1)}, {entry("a", 1, 9, "other")}, Extras::keep, md5),
        ElementsAre(Step{SyncAction::transfer, "a", "content differs"})
    );
    // The blob may be the source, too.
    EXPECT_THAT(
        plan({entry("a", 1, 1, "same")}, {entry("a", 1, 9)}, Extras::keep, md5),
        ElementsAre(Step{SyncAction::keep, "a", "equal"})
    );
}

TEST(PlanSync, WithoutMd5OnlyANewerSourceIsTransferred) {
    EXPECT_THAT(
        plan({entry("a", 1, 2)}, {entry("a", 1, 1)}), ElementsAre(Step{SyncAction::transfer, "a", "newer"})
    );
    EXPECT_THAT(
        plan({entry("a", 1, 1)}, {entry("a", 1, 1)}), ElementsAre(Step{SyncAction::keep, "a", "equal"})
    );
    EXPECT_THAT(
        plan({entry("a", 1, 1)}, {entry("a", 1, 2)}), ElementsAre(Step{SyncAction::keep, "a", "equal"})
    );
    SyncEntry const timeless{"a", 1, {}, {}};
    EXPECT_THAT(plan({timeless}, {entry("a", 1, 2)}), ElementsAre(Step{SyncAction::transfer, "a", "newer"}));
}

TEST(PlanSync, RemovesExtrasOnlyWhenTold) {
    EXPECT_THAT(
        plan({}, {entry("a", 1, 1)}, Extras::remove),
        ElementsAre(Step{SyncAction::remove, "a", "not in the source"})
    );
    EXPECT_THAT(plan({}, {entry("a", 1, 1)}), ElementsAre(Step{SyncAction::keep, "a", "not in the source"}));
}

}  // namespace
}  // namespace bluebatch::cli
