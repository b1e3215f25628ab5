#include "emulator/media/outcome.hpp"

#include "emulator/media/compat.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::media {
namespace {

// Newer versions exit with the low byte of the error, older ones with 1.
int expected(int newer) {
    return compat::kTellsErrorByExitCode ? newer : 1;
}

TEST(Exit, TellsTheErrorAsTheLinkedVersionDoes) {
    EXPECT_EQ(Exit::failure.exit_code(), expected(234));
    EXPECT_EQ(Exit::because(AVERROR(EINVAL)).exit_code(), expected(234));
    EXPECT_EQ(Exit::because(AVERROR(ENOENT)).exit_code(), expected(254));
    EXPECT_EQ(Exit::because(AVERROR_INVALIDDATA).exit_code(), expected(183));
    EXPECT_EQ(Exit::because(AVERROR_OPTION_NOT_FOUND).exit_code(), expected(8));
}

TEST(Exit, IsNoFailureForAFileThatIsKept) {
    EXPECT_EQ(Exit::because(AVERROR_EXIT).exit_code(), expected(0));
}

TEST(Exit, HasCodesThatAreTheSameInEveryVersion) {
    EXPECT_EQ(Exit::nothing_to_do.exit_code(), 1);
    EXPECT_EQ(Exit::decode_errors.exit_code(), 69);
    EXPECT_EQ(Exit::interrupted.exit_code(), 255);
    EXPECT_FALSE(Exit::interrupted.is_error());
}

}  // namespace
}  // namespace bluebatch::emulator::media
