#include "emulator/storage/blob/space_reserve.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

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

TEST_P(SpaceReserveTest, IsGivenUpOnceForWhatNeedsSpace) {
    int runs = 0;
    auto const action = [&] {
        ++runs;
        if (fs::exists(file_)) throw StorageError(GetParam(), "full");
        return runs;
    };

    EXPECT_EQ(reserve_.spend_on(action), 2);
    EXPECT_FALSE(reserve_.is_held());
    EXPECT_EQ(reserve_.spend_on(action), 3);
    reserve_.restore();
    EXPECT_TRUE(reserve_.is_held());
}

TEST_P(SpaceReserveTest, DoesNotHelpForever) {
    auto const action = []() -> int { throw StorageError(GetParam(), "full"); };

    EXPECT_THROW(reserve_.spend_on(action), StorageError);
    EXPECT_THROW(reserve_.spend_on(action), StorageError);
}

INSTANTIATE_TEST_SUITE_P(Faults, SpaceReserveTest, testing::Values(kFull, kNoSharedMemory));

}  // namespace
}  // namespace bluebatch::emulator::storage::blob
