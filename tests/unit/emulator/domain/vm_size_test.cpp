#include "emulator/domain/vm_size.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::domain {
namespace {

TEST(FindCores, ReadsTheFirstNumberAfterTheFamily) {
    EXPECT_EQ(find_cores("STANDARD_A1_v2"), 1);
    EXPECT_EQ(find_cores("standard_a2m_v2"), 2);
    EXPECT_EQ(find_cores("Standard_D2s_v3"), 2);
    EXPECT_EQ(find_cores("standard_d4_v3"), 4);
    EXPECT_EQ(find_cores("Standard_D16s_v3"), 16);
    EXPECT_EQ(find_cores("standard_f2"), 2);
    EXPECT_EQ(find_cores("Standard_NC24ads_A100_v4"), 24);
    EXPECT_EQ(find_cores("Standard_HB120rs_v2"), 120);
}

TEST(FindCores, CountsOnlyTheCoresLeftInAConstrainedSize) {
    EXPECT_EQ(find_cores("Standard_E32-8s_v3"), 8);
}

TEST(FindCores, KnowsTheOldFamiliesWhoseNumbersAreNotCores) {
    EXPECT_EQ(find_cores("basic_a1"), 1);
    EXPECT_EQ(find_cores("standard_a0"), 1);
    EXPECT_EQ(find_cores("standard_a1"), 1);
    EXPECT_EQ(find_cores("standard_a3"), 4);
    EXPECT_EQ(find_cores("standard_d3_v2"), 4);
    EXPECT_EQ(find_cores("Standard_DS14_v2"), 16);
    EXPECT_EQ(find_cores("standard_d4"), 8);
    EXPECT_EQ(find_cores("standard_gs5"), 32);
}

TEST(FindCores, SaysNothingOfNamesItCannotRead) {
    for (auto const* name :
         {"",
          "small",
          "extralarge",
          "standard_",
          "standard_d",
          "standard_2",
          "standard_d9",
          "standard_d0_v3",
          "standard_e32-s_v3",
          "standard_d99999999999_v3",
          "standard_a b1_v2",
          "other_d2_v3",
          "d2_v3"})
        EXPECT_EQ(find_cores(name), std::nullopt) << name;
}

}  // namespace
}  // namespace bluebatch::emulator::domain
