#include "emulator/scheduler/run_list.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bluebatch::emulator::scheduler {
namespace {

std::vector<domain::RunId> ids(RunList const& runs) {
    std::vector<domain::RunId> ids;
    for (domain::RunId const id : runs.all())
        ids.push_back(id);
    return ids;
}

TEST(RunListTest, HoldsWhatIsNotOverInTheOrderOfItsBeginning) {
    RunList runs;
    for (domain::RunId const id : {3U, 4U, 7U, 8U, 9U})
        runs.add(id);
    runs.remove(7);
    EXPECT_EQ(ids(runs), (std::vector<domain::RunId>{3, 4, 8, 9}));
    runs.remove(3);
    runs.remove(9);
    runs.add(12);
    EXPECT_EQ(ids(runs), (std::vector<domain::RunId>{4, 8, 12}));
}

TEST(RunListTest, IsEmptyOnceAllAreOver) {
    RunList runs;
    EXPECT_TRUE(runs.empty());
    for (domain::RunId id = 1; id <= 100; ++id)
        runs.add(id);
    for (domain::RunId id = 1; id <= 100; ++id) {
        EXPECT_FALSE(runs.empty());
        // Neither in order nor against it.
        runs.remove(1 + id * 37 % 100);
        EXPECT_EQ(ids(runs).size(), 100 - id);
    }
    EXPECT_TRUE(runs.empty());
}

TEST(RunListTest, IgnoresWhatItDoesNotHold) {
    RunList runs;
    runs.add(5);
    runs.add(6);
    runs.add(7);
    runs.remove(4);
    runs.remove(8);
    runs.remove(6);
    runs.remove(6);
    EXPECT_EQ(ids(runs), (std::vector<domain::RunId>{5, 7}));
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
