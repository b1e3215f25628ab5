#include "shared/codec/odata.hpp"

#include <gtest/gtest.h>

namespace bluebatch::codec::odata {
namespace {

Comparison comparison_of(std::string_view text) {
    auto const filter = parse_filter(text);
    EXPECT_TRUE(filter.has_value()) << text;
    if (!filter || !std::holds_alternative<Comparison>(filter->node)) return {};
    return std::get<Comparison>(filter->node);
}

std::string fault_of(std::string_view text) {
    auto const filter = parse_filter(text);
    return filter ? std::string{} : filter.error().message;
}

TEST(ODataFilter, ReadsAComparisonWithAText) {
    auto const comparison = comparison_of("state eq 'active'");

    EXPECT_EQ(comparison.field, "state");
    EXPECT_EQ(comparison.op, Operator::eq);
    EXPECT_EQ(std::get<std::string>(comparison.value), "active");
}

// Batch: REST-24
TEST(ODataFilter, ReadsEveryKindOfLiteral) {
    EXPECT_EQ(std::get<std::int64_t>(comparison_of("executionInfo/exitCode ne -1").value), -1);
    EXPECT_EQ(std::get<bool>(comparison_of("enableAutoScale eq true").value), true);
    EXPECT_EQ(
        std::get<base::TimePoint>(comparison_of("creationTime gt DateTime'2024-01-01T00:00:00Z'").value),
        base::parse_iso8601("2024-01-01T00:00:00Z")
    );
    EXPECT_EQ(
        std::get<base::TimePoint>(
            comparison_of("creationTime le datetime'Mon, 01 Jan 2024 00:00:00 GMT'").value
        ),
        base::parse_iso8601("2024-01-01T00:00:00Z")
    );
}

TEST(ODataFilter, UndoublesQuotes) {
    EXPECT_EQ(std::get<std::string>(comparison_of("id eq 'it''s'").value), "it's");
}

// Batch: REST-22
TEST(ODataFilter, ReadsStartsWith) {
    auto const comparison = comparison_of("startswith(id, 'Task1')");

    EXPECT_EQ(comparison.op, Operator::starts_with);
    EXPECT_EQ(comparison.field, "id");
    EXPECT_EQ(std::get<std::string>(comparison.value), "Task1");
}

TEST(ODataFilter, BindsAndMoreTightlyThanOr) {
    auto const filter = parse_filter("state eq 'a' or state eq 'b' and id eq 'c'");

    ASSERT_TRUE(filter);
    auto const& any = std::get<Combination>(filter->node);
    EXPECT_EQ(any.kind, Combination::Kind::any);
    ASSERT_EQ(any.parts.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<Comparison>(any.parts[0].node));
    EXPECT_EQ(std::get<Combination>(any.parts[1].node).kind, Combination::Kind::all);
}

// Batch: REST-22
TEST(ODataFilter, LetsParenthesesBindFirst) {
    auto const filter = parse_filter("(state eq 'a' or state eq 'b') and id eq 'c'");

    ASSERT_TRUE(filter);
    auto const& all = std::get<Combination>(filter->node);
    EXPECT_EQ(all.kind, Combination::Kind::all);
    EXPECT_EQ(std::get<Combination>(all.parts[0].node).kind, Combination::Kind::any);
}

TEST(ODataFilter, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(fault_of(""), "the name of a property is missing at position 1");
    EXPECT_EQ(fault_of("state is 'a'"), "an operator (eq, ne, gt, ge, lt, le) is missing at position 9");
    EXPECT_EQ(fault_of("state eq 'a"), "a closing quote is missing at position 12");
    EXPECT_EQ(fault_of("state eq 'a' 'b'"), "the expression should end at position 14");
    EXPECT_EQ(fault_of("(state eq 'a'"), "a closing parenthesis is missing at position 14");
    EXPECT_EQ(fault_of("startswith(id, 4)"), "startswith needs a text at position 17");
    EXPECT_EQ(fault_of("not state eq 'a'"), "an operator (eq, ne, gt, ge, lt, le) is missing at position 10");
}

TEST(ODataFilter, IsBounded) {
    std::string many = "id eq 'a'";
    for (int i = 1; i < 100; ++i)
        many += " or id eq 'a'";
    EXPECT_EQ(fault_of(many), "");
    EXPECT_NE(fault_of(many + " or id eq 'a'"), "");
    EXPECT_NE(fault_of(std::string(21, '(') + "id eq 'a'" + std::string(21, ')')), "");
    EXPECT_NE(fault_of(std::string(1'000'000, '(')), "");
}

}  // namespace
}  // namespace bluebatch::codec::odata
