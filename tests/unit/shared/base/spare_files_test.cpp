#include "shared/base/spare_files.hpp"

#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace bluebatch::base {
namespace {

namespace fs = std::filesystem;

constexpr SpareFiles::Limits kLimits{.least_size = 10, .most_bytes = 250, .least_free = 0};

bool untouched() {
    return true;
}

class SpareFilesTest : public testing::Test {
protected:
    fs::path make(std::string const& name, std::size_t size) const {
        auto path = folder_.path() / name;
        std::ofstream(path) << std::string(size, 'x');
        return path;
    }
    std::ptrdiff_t count_spares() const {
        return std::distance(fs::directory_iterator(spool_), fs::directory_iterator{});
    }
    fs::path make_spool() const {
        fs::create_directory(folder_.path() / "spool");
        return folder_.path() / "spool";
    }

    tests::TemporaryDirectory folder_;
    tests::ManualClock clock_;
    fs::path spool_ = make_spool();
    SpareFiles spares_{spool_, clock_, kLimits};
};

TEST_F(SpareFilesTest, HandOutTheFileThatWasKeptLast) {
    ASSERT_TRUE(spares_.keep(make("first", 100), untouched));
    ASSERT_TRUE(spares_.keep(make("second", 50), untouched));

    auto const taken = spares_.take();

    ASSERT_TRUE(taken);
    EXPECT_EQ(fs::file_size(taken->path), 50U);
    EXPECT_EQ(::lseek(taken->descriptor.get(), 0, SEEK_CUR), 0);
    EXPECT_TRUE(spares_.take());
    EXPECT_FALSE(spares_.take());
    EXPECT_FALSE(fs::exists(folder_.path() / "first"));
}

TEST_F(SpareFilesTest, AreBounded) {
    ASSERT_TRUE(spares_.keep(make("a", 100), untouched));
    ASSERT_TRUE(spares_.keep(make("b", 100), untouched));

    EXPECT_FALSE(spares_.keep(make("much", 51), untouched));
    EXPECT_FALSE(spares_.keep(make("small", 9), untouched));
    EXPECT_FALSE(spares_.keep(folder_.path() / "missing", untouched));

    EXPECT_TRUE(fs::exists(folder_.path() / "much"));
    EXPECT_TRUE(fs::exists(folder_.path() / "small"));
    spares_.take();
    EXPECT_TRUE(spares_.keep(folder_.path() / "much", untouched));
}

TEST_F(SpareFilesTest, LeaveAFullDiskItsRoom) {
    SpareFiles spares(spool_, clock_, {.least_size = 10, .most_bytes = 250, .least_free = ~0ULL});

    EXPECT_FALSE(spares.keep(make("a", 100), untouched));
}

TEST_F(SpareFilesTest, AreRemovedWhenSomebodyHasThemOpen) {
    auto const file = make("a", 100);

    EXPECT_TRUE(spares_.keep(file, [&] {
        EXPECT_FALSE(fs::exists(file));
        return false;
    }));

    EXPECT_FALSE(spares_.take());
    EXPECT_EQ(count_spares(), 0);
    EXPECT_TRUE(spares_.keep(make("as much as there may be", 250), untouched));
}

TEST_F(SpareFilesTest, GoAfterASecond) {
    spares_.keep(make("old", 100), untouched);
    clock_.advance(std::chrono::milliseconds{600});
    spares_.keep(make("new", 50), untouched);
    clock_.advance(std::chrono::milliseconds{600});

    spares_.remove_stale();

    EXPECT_EQ(count_spares(), 1);
    EXPECT_EQ(fs::file_size(spares_.take().value().path), 50U);
    EXPECT_TRUE(spares_.empty());
}

TEST_F(SpareFilesTest, GoWhenTheClockWasSetBack) {
    spares_.keep(make("a", 100), untouched);
    clock_.advance(std::chrono::hours{-1});

    spares_.remove_stale();

    EXPECT_TRUE(spares_.empty());
    EXPECT_EQ(count_spares(), 0);
}

TEST_F(SpareFilesTest, GoWithTheirKeeper) {
    {
        SpareFiles spares(spool_, clock_, kLimits);
        spares.keep(make("a", 100), untouched);
        EXPECT_EQ(count_spares(), 1);
    }
    EXPECT_EQ(count_spares(), 0);
}

}  // namespace
}  // namespace bluebatch::base
