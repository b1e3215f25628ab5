#include "emulator/blob/rules/tag_filter.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::rules {
namespace {

bool meets(std::string_view condition, Tags const& tags) {
    auto const parsed = parse_tag_condition(condition);
    EXPECT_TRUE(parsed) << condition << ": " << (parsed ? "" : parsed.error().what);
    return parsed && parsed->holds_for(tags);
}

std::string filter_fault(std::string_view where) {
    auto const parsed = parse_tag_filter(where);
    return parsed ? "" : parsed.error().what;
}

TEST(TagFilter, ReadsTestsAndTheContainer) {
    auto const filter = parse_tag_filter(R"("my tag" >= 'a' and rank<'20' AND @container = 'films')");
    ASSERT_TRUE(filter) << filter.error().what;
    EXPECT_EQ(filter->container, "films");
    TagTests const expected{{"my tag", Comparison::greater_or_equal, "a"}, {"rank", Comparison::less, "20"}};
    EXPECT_EQ(filter->tests, expected);
}

TEST(TagFilter, RefusesWhatTheLanguageDoesNotHave) {
    for (auto const* const where :
         {"",
          "a",
          "a =",
          "a = b",
          "a = 'b",
          "\"a = 'b'",
          "a = 'b' OR c = 'd'",
          "a = 'b' AND",
          "a <> 'b'",
          "a = 'b' ANDc = 'd'",
          "a == 'b'",
          "@container = 'films'",
          "a = 'b' AND @container > 'films'",
          "a = 'b' AND @container = 'x' AND @container = 'y'",
          "NOT a = 'b'",
          "(a = 'b')"}) {
        EXPECT_NE(filter_fault(where), "") << where;
    }
    EXPECT_NE(filter_fault("a = '" + std::string(kMaxTagExpression, 'x') + "'"), "");
    std::string many = "a = 'b'";
    for (std::size_t i = 0; i < kMaxTagTests; ++i)
        many += " AND a = 'b'";
    EXPECT_NE(filter_fault(many), "");
}

TEST(TagFilter, SaysWhereAFaultIs) {
    EXPECT_EQ(filter_fault("a = b"), "a value in single quotes is missing at character 5");
}

TEST(TagCondition, ComparesTextsByteByByte) {
    Tags const tags{{"rank", "010"}, {"Rank", "5"}};
    EXPECT_TRUE(meets("rank = '010'", tags));
    EXPECT_TRUE(meets("rank < '10'", tags));
    EXPECT_TRUE(meets("\"Rank\" > '10'", tags));
    EXPECT_TRUE(meets("rank >= '010' AND rank <= '010'", tags));
    EXPECT_FALSE(meets("rank > '010'", tags));
    EXPECT_FALSE(meets("rank <> '010'", tags));
}

TEST(TagCondition, AMissingTagOnlyPassesForInequality) {
    EXPECT_TRUE(meets("a <> 'x'", {}));
    EXPECT_FALSE(meets("a = ''", {}));
    EXPECT_FALSE(meets("a >= ''", {}));
}

TEST(TagCondition, AndBindsCloserThanOr) {
    EXPECT_TRUE(meets("a = '1' OR b = '1' AND c = '1'", {{"a", "1"}}));
    EXPECT_FALSE(meets("a = '1' AND b = '1' OR c = '1'", {{"a", "1"}}));
    EXPECT_TRUE(meets("a = '1' AND b = '1' or c = '1'", {{"c", "1"}}));
}

TEST(TagFilter, SearchesByTheTagThatNarrowsMost) {
    auto const interval_of = [](std::string_view where) {
        return narrowest_interval(parse_tag_filter(where)->tests);
    };
    EXPECT_EQ(interval_of("a > '1' AND b = '2'").key, "b");
    EXPECT_EQ(interval_of("a > '1' AND b > '2' AND b < '9'").key, "b");
    auto const range = interval_of("a >= '2' AND a <= '9' AND a < '5'");
    EXPECT_EQ(range.least, "2");
    EXPECT_EQ(range.most, "5");
    EXPECT_FALSE(interval_of("a > '1'").most);
}

TEST(Tags, HaveLimits) {
    using enum azure::StorageErrorCode;
    auto const fault = [](Tags const& tags) { return find_tags_fault(tags)->code; };
    EXPECT_FALSE(find_tags_fault({{std::string(128, 'k'), std::string(256, 'v')}, {"a b+-./:=_9", ""}}));
    EXPECT_EQ(fault({{std::string(129, 'k'), "v"}}), tags_too_large);
    EXPECT_EQ(fault({{"k", std::string(257, 'v')}}), tags_too_large);
    EXPECT_EQ(fault({{"", "v"}}), empty_tag_name);
    EXPECT_EQ(fault({{"k", "v!"}}), invalid_tag);
    EXPECT_EQ(fault({{"k", "v"}, {"k", "w"}}), duplicate_tag_names);
    EXPECT_EQ(fault(Tags(11, {"k", "v"})), tags_too_large);
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
