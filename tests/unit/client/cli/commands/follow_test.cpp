#include "client/cli/commands/follow.hpp"

#include <gtest/gtest.h>

namespace bluebatch::cli {
namespace {

class FollowTest : public ::testing::Test {
protected:
    Follower follow() {
        return {
            {[this]() -> client::ApiResult<std::uint64_t> { return text_.size(); },
             [this](std::uint64_t offset, std::uint64_t length) -> client::ApiResult<std::string> {
                 ++reads_;
                 return text_.substr(offset, length);
             }},
            [this](std::string_view bytes) { shown_ += bytes; }};
    }

    std::string tail(std::string text, std::size_t lines) {
        text_ = std::move(text);
        shown_.clear();
        auto follower = follow();
        EXPECT_TRUE(follower.skip_to_last_lines(lines));
        EXPECT_TRUE(follower.catch_up());
        return shown_;
    }

    std::string text_;
    std::string shown_;
    int reads_ = 0;
};

TEST_F(FollowTest, HandsOnWhatIsNewAndNothingTwice) {
    auto follower = follow();
    text_ = "one";
    ASSERT_TRUE(follower.catch_up());
    ASSERT_TRUE(follower.catch_up());
    text_ += " two";
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "one two");
    EXPECT_EQ(reads_, 2);
}

TEST_F(FollowTest, ReadsATextThatWasReplacedFromItsStart) {
    auto follower = follow();
    text_ = "a long text";
    ASSERT_TRUE(follower.catch_up());
    text_ = "short";
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "a long textshort");
}

TEST_F(FollowTest, ReadsALargeTextInPieces) {
    text_.assign(9 << 20, 'x');
    auto follower = follow();
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_.size(), text_.size());
    EXPECT_EQ(reads_, 3);
}

TEST_F(FollowTest, BeginsWithTheLastLines) {
    EXPECT_EQ(tail("1\n2\n3\n", 2), "2\n3\n");
    EXPECT_EQ(tail("1\n2\n3", 2), "2\n3");
    EXPECT_EQ(tail("1\n2\n3\n", 9), "1\n2\n3\n");
    EXPECT_EQ(tail("1\n2\n3\n", 0), "");
    EXPECT_EQ(tail("\n\n\n", 2), "\n\n");
    EXPECT_EQ(tail("\n", 1), "\n");
    EXPECT_EQ(tail("", 3), "");
}

TEST_F(FollowTest, TheLastLinesOfALargeTextAreFoundInItsEnd) {
    EXPECT_EQ(tail(std::string(3 << 20, 'x') + "\nend\n", 1), "end\n");
    EXPECT_EQ(tail(std::string(3 << 20, 'x'), 1).size(), 1u << 20);
}

}  // namespace
}  // namespace bluebatch::cli
