#include "shared/base/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <optional>
#include <string>

namespace bluebatch::base {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class TemporaryFolder : public ::testing::Test {
protected:
    TemporaryFolder() {
        if (char const* const place = std::getenv("TMPDIR")) before_ = place;
    }
    ~TemporaryFolder() override {
        if (before_) {
            ::setenv("TMPDIR", before_->c_str(), 1);
        } else {
            ::unsetenv("TMPDIR");
        }
    }

private:
    std::optional<std::string> before_;
};

TEST_F(TemporaryFolder, IsForThisUserAlone) {
    auto const folder = make_temporary_folder("bluebatch-test-");
    ASSERT_TRUE(folder);
    EXPECT_THAT(folder->filename().string(), StartsWith("bluebatch-test-"));
    EXPECT_EQ(fs::status(*folder).permissions(), fs::perms::owner_all);
    fs::remove(*folder);
}

TEST_F(TemporaryFolder, APlaceThatIsNotThereIsNamed) {
    ::setenv("TMPDIR", "/nowhere/at/all", 1);
    auto const folder = make_temporary_folder("bluebatch-test-");
    ASSERT_FALSE(folder);
    EXPECT_THAT(folder.error().message, HasSubstr("TMPDIR is /nowhere/at/all"));
}

TEST_F(TemporaryFolder, APlaceThatTakesNothingIsNamed) {
    ::setenv("TMPDIR", "/proc", 1);
    auto const folder = make_temporary_folder("bluebatch-test-");
    ASSERT_FALSE(folder);
    EXPECT_THAT(folder.error().message, HasSubstr("Can't make a folder in /proc"));
}

}  // namespace
}  // namespace bluebatch::base
