#include "emulator/domain/task_tokens.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bluebatch::emulator::domain {
namespace {

TEST(IssueTaskTokens, ATokenOpensItsJobUntilItIsRevoked) {
    TaskTokens tokens;
    auto const first = tokens.issue("one");
    auto const second = tokens.issue("two");

    EXPECT_EQ(tokens.job_of(first), "one");
    EXPECT_EQ(tokens.job_of(second), "two");

    tokens.revoke(first);
    EXPECT_EQ(tokens.job_of(first), std::nullopt);
    EXPECT_EQ(tokens.job_of(second), "two");
}

TEST(IssueTaskTokens, NothingElseOpensAJob) {
    TaskTokens tokens;
    auto const token = tokens.issue("job");
    for (auto const& other : {std::string(), token.substr(1), token + "0", std::string(64, '0')})
        EXPECT_EQ(tokens.job_of(other), std::nullopt) << other;
}

TEST(IssueTaskTokens, NoTwoAreAlike) {
    TaskTokens tokens;
    std::set<std::string> all;
    for (int i = 0; i < 100; ++i)
        all.insert(tokens.issue("job"));
    EXPECT_EQ(all.size(), 100U);
    EXPECT_EQ(all.begin()->size(), 64U);
}

TEST(IssueTaskTokens, ALeaseEndsWithItsObject) {
    TaskTokens tokens;
    std::string text;
    {
        TaskToken const token(tokens, "job");
        text = token.text();
        EXPECT_EQ(tokens.job_of(text), "job");
    }
    EXPECT_EQ(tokens.job_of(text), std::nullopt);
}

}  // namespace
}  // namespace bluebatch::emulator::domain
