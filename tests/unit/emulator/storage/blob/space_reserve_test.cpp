#include "emulator/storage/blob/space_reserve.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace bluebatch::emulator::storage::blob {
namespace {

namespace fs = std::filesystem;

constexpr int kFull = 13;                      // SQLITE_FULL
constexpr int kNoSharedMemory = 10 | 19 << 8;  // SQLITE_IOERR_SHMSIZE

class SpaceReserveTest : public testing::TestWithParam<int> {
protected:
    tests::TemporaryDirectory folder_;
    fs::path file_ = folder_.path() / "reserve";
    SpaceReserve reserve_{file_};
};

TEST_P(SpaceReserveTest, IsGivenUpStepByStepForWhatNeedsSpace) {
    auto const size = [&] { return static_cast<std::int64_t>(fs::file_size(file_)); };
    int runs = 0;
    auto const action = [&] {
        ++runs;
        if (size() > SpaceReserve::kSize - 2 * SpaceReserve::kStep) throw StorageError(GetParam(), "full");
        return runs;
    };

    EXPECT_TRUE(reserve_.is_whole());
    EXPECT_EQ(reserve_.spend_on(action), 3);
    EXPECT_FALSE(reserve_.is_whole());
    EXPECT_EQ(size(), SpaceReserve::kSize - 2 * SpaceReserve::kStep);
    EXPECT_EQ(reserve_.spend_on(action), 4);
    reserve_.restore();
    EXPECT_TRUE(reserve_.is_whole());
    EXPECT_EQ(size(), SpaceReserve::kSize);
}

TEST_P(SpaceReserveTest, CanBeGivenUpBeforeItIsOpened) {
    fs::path const other = folder_.path() / "other";
    EXPECT_FALSE(SpaceReserve::release(other));
    { SpaceReserve const made(other); }
    int steps = 0;
    while (SpaceReserve::release(other))
        ++steps;
    EXPECT_EQ(steps, SpaceReserve::kSize / SpaceReserve::kStep);
    EXPECT_FALSE(fs::exists(other));
}

TEST_P(SpaceReserveTest, BelievesInNoFileThatTakesUpNothing) {
    fs::path const other = folder_.path() / "other";
    { std::ofstream const made(other); }
    fs::resize_file(other, static_cast<std::uintmax_t>(SpaceReserve::kSize));

    EXPECT_FALSE(SpaceReserve::release(other));
    SpaceReserve reserve(other);
    EXPECT_TRUE(reserve.is_whole());
    EXPECT_TRUE(SpaceReserve::release(other));
}

TEST_P(SpaceReserveTest, DoesNotHelpForever) {
    auto const action = []() -> int { throw StorageError(GetParam(), "full"); };

    EXPECT_THROW(reserve_.spend_on(action), StorageError);
    EXPECT_THROW(reserve_.spend_on(action), StorageError);
}

INSTANTIATE_TEST_SUITE_P(Faults, SpaceReserveTest, testing::Values(kFull, kNoSharedMemory));

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
