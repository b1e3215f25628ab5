#include "emulator/node/file_pattern.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace bluebatch::emulator::node {
namespace {

struct NameCase {
    char const* pattern;
    char const* name;
    bool matches;
};
class MatchesName : public testing::TestWithParam<NameCase> {};

// Batch: OUT-3
TEST_P(MatchesName, AsTheServiceDoes) {
    EXPECT_EQ(matches_name(GetParam().pattern, GetParam().name), GetParam().matches)
        << GetParam().pattern << " and " << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Patterns,
    MatchesName,
    testing::Values(
        NameCase{"a.txt", "a.txt", true},
        NameCase{"a.txt", "a_txt", false},
        NameCase{"abc*", "abc", true},
        NameCase{"abc*", "abcdef", true},
        NameCase{"*.gif", "a.gif", true},
        NameCase{"*.gif", ".a.gif", false},
        NameCase{".*.gif", ".a.gif", true},
        NameCase{"*a*b*c", "xxaxxbxxc", true},
        NameCase{"*a*b*c", "xxaxxbxxcx", false},
        NameCase{"?", "a", true},
        NameCase{"?", "", false},
        NameCase{"?", ".", false},
        NameCase{"[abc]", "b", true},
        NameCase{"[abc]", "d", false},
        NameCase{"[a-c]x", "bx", true},
        NameCase{"[a-c]x", "dx", false},
        NameCase{"[!abc]", "d", true},
        NameCase{"[!abc]", "a", false},
        NameCase{"[!a-c]", "b", false},
        NameCase{"abc[*]", "abc*", true},
        NameCase{"abc[*]", "abcd", false},
        NameCase{"[]]", "]", true},
        NameCase{"[ab", "[ab", true},
        NameCase{"std*.txt", "stdout.txt", true},
        NameCase{"", "", true},
        NameCase{"", "a", false},
        NameCase{"**", "anything", true}
    )
);

class FindFiles : public testing::Test {
protected:
    FindFiles() {
        for (auto const* file :
             {"wd/a.txt",
              "wd/b.txt",
              "wd/.hidden.txt",
              "wd/c.log",
              "wd/sub/d.txt",
              "wd/sub/deep/e.txt",
              "wd/.dot/f.txt",
              "stdout.txt",
              "stderr.txt",
              "fileuploadout.txt"}) {
            auto const path = directory_.path() / file;
            std::filesystem::create_directories(path.parent_path());
            std::ofstream(path) << file;
        }
    }
    std::vector<std::string> names(std::string const& pattern) const {
        std::vector<std::string> found;
        for (auto const& match : find_files(directory_.path() / "wd", pattern))
            found.push_back(match.name);
        return found;
    }
    using Names = std::vector<std::string>;

    tests::TemporaryDirectory directory_;
};

// Batch: OUT-9
TEST_F(FindFiles, APlainNameIsThatFile) {
    EXPECT_EQ(names("a.txt"), (Names{"a.txt"}));
    EXPECT_EQ(names("sub/d.txt"), (Names{"d.txt"}));
    EXPECT_EQ(names("none.txt"), Names{});
    EXPECT_EQ(names("sub"), Names{});
}

// Batch: OUT-3
TEST_F(FindFiles, AStarStaysInItsFolder) {
    EXPECT_EQ(names("*.txt"), (Names{"a.txt", "b.txt"}));
    EXPECT_EQ(names("*"), (Names{"a.txt", "b.txt", "c.log"}));
}

// Batch: OUT-3, OUT-6
TEST_F(FindFiles, TwoStarsGoThroughFoldersButNotHiddenOnes) {
    EXPECT_EQ(names("**/*.txt"), (Names{"a.txt", "b.txt", "sub/d.txt", "sub/deep/e.txt"}));
    EXPECT_EQ(names("sub/**/*.txt"), (Names{"d.txt", "deep/e.txt"}));
    EXPECT_EQ(names("**/e.txt"), (Names{"sub/deep/e.txt"}));
    EXPECT_EQ(names("sub/**"), (Names{"d.txt", "deep/e.txt"}));
}

TEST_F(FindFiles, AFolderMayHaveWildcards) {
    EXPECT_EQ(names("s?b/*.txt"), (Names{"sub/d.txt"}));
    EXPECT_EQ(names("*/deep/*"), (Names{"sub/deep/e.txt"}));
}

// Batch: OUT-2
TEST_F(FindFiles, TheStandardFilesAreOneFolderUp) {
    EXPECT_EQ(names("../std*.txt"), (Names{"stderr.txt", "stdout.txt"}));
    EXPECT_EQ(names("../stdout.txt"), (Names{"stdout.txt"}));
}

// Batch: OUT-2
TEST_F(FindFiles, AnAbsolutePatternIsTakenAsItIs) {
    EXPECT_EQ(names((directory_.path() / "wd/sub/*.txt").string()), (Names{"d.txt"}));
}

// Batch: OUT-3
TEST_F(FindFiles, AWrittenDotFindsHiddenFiles) {
    EXPECT_EQ(names(".h*"), (Names{".hidden.txt"}));
    EXPECT_EQ(names(".dot/*"), (Names{"f.txt"}));
}

TEST_F(FindFiles, ManyTwoStarsDoNotMultiplyTheWork) {
    // Looked at one by one, they would combine with these folders in millions of ways.
    std::filesystem::create_directories(directory_.path() / "wd/1/2/3/4/5/6/7/8/9/10/11/12");
    std::string pattern;
    for (int i = 0; i < 30; ++i)
        pattern += i % 3 == 2 ? "*/**/" : "**/";

    EXPECT_TRUE(names(pattern + "*.txt").empty());
}

TEST_F(FindFiles, LinksToFoldersAreNotFollowedByTwoStars) {
    std::filesystem::create_directory_symlink(directory_.path() / "wd", directory_.path() / "wd/loop");

    EXPECT_EQ(names("**/*.txt").size(), 4U);
}

}  // namespace
}  // namespace bluebatch::emulator::node
