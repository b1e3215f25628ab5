#include "client/cli/commands/follow.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>

namespace bluebatch::cli {
namespace {

class FollowTest : public ::testing::Test {
protected:
    Follower follow() {
        return {
            {[this]() -> client::ApiResult<TextState> {
                 return TextState{text_.size(), identity_};
             },
             [this](std::uint64_t offset, std::uint64_t length) -> client::ApiResult<std::string> {
                 ++reads_;
                 if (on_read_) std::exchange(on_read_, {})();
                 if (offset + length > text_.size()) return client::make_short_range_error("text");
                 return text_.substr(offset, length);
             }},
            [this](std::string_view bytes) {
                shown_ += bytes;
                return takes_;
            }};
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
    std::string identity_ = "1";
    std::function<void()> on_read_;  // before the next one
    bool takes_ = true;
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

TEST_F(FollowTest, ReadsAnotherTextFromItsStartHoweverLongItIs) {
    auto follower = follow();
    text_ = "first";
    ASSERT_TRUE(follower.catch_up());
    identity_.clear();  // between the two
    ASSERT_TRUE(follower.catch_up());
    text_ = " and the second";
    identity_ = "2";
    ASSERT_TRUE(follower.catch_up());
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "first and the second");
}

TEST_F(FollowTest, ATextThatIsReplacedWhileItIsReadIsLookedAtAgain) {
    auto follower = follow();
    text_ = "a long text";
    on_read_ = [this] { text_ = "cut"; };
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "cut");
    text_ = "cut and more";
    on_read_ = [this] {
        text_ = "; another long text";
        identity_ = "2";
    };
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "cut; another long text");
}

TEST_F(FollowTest, WhatWasReadOfATextThatIsReplacedMeanwhileIsDropped) {
    auto follower = follow();
    ASSERT_TRUE(follower.catch_up());
    text_ = "old";
    on_read_ = [this] {
        text_ = "another";
        identity_ = "2";
    };
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "another");
}

TEST_F(FollowTest, ATextThatWasSeenToBeShorterIsNotReadTwiceWhenItsIdentityFollows) {
    auto follower = follow();
    text_ = "a long text";
    ASSERT_TRUE(follower.catch_up());
    text_ = ", new";
    ASSERT_TRUE(follower.catch_up());
    identity_ = "2";
    ASSERT_TRUE(follower.catch_up());
    EXPECT_EQ(shown_, "a long text, new");
}

TEST_F(FollowTest, EndsWhenNobodyTakesIt) {
    text_.assign(9 << 20, 'x');
    takes_ = false;
    auto follower = follow();
    ASSERT_TRUE(follower.catch_up());
    EXPECT_TRUE(follower.is_closed());
    EXPECT_EQ(reads_, 1);
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
