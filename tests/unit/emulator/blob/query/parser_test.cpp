#include "emulator/blob/query/parser.hpp"

#include "tests/unit/emulator/blob/query/query_run.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::blob::query {
namespace {

using testing::HasSubstr;

std::string repeat(std::string_view text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

TEST(ParseQuery, ReadsEveryClause) {
    auto const query = parse_query("select a, \"B c\" as d from BlobStorage where a > 1 limit 5;").value();

    ASSERT_EQ(query.projections.size(), 2U);
    EXPECT_EQ(query.projections[0].name, "a");
    EXPECT_EQ(query.projections[1].name, "d");
    EXPECT_TRUE(query.projections[1].expression.path[0].is_quoted);
    EXPECT_EQ(query.where->operation, Operation::greater);
    EXPECT_EQ(query.limit, 5U);
}

TEST(ParseQuery, NamesColumnsAfterWhatTheyShow) {
    auto const query = parse_query("SELECT a.b, tags[1], 1 + 1, w[0].x FROM BlobStorage").value();

    EXPECT_EQ(query.projections[0].name, "b");
    EXPECT_EQ(query.projections[1].name, "tags");
    EXPECT_EQ(query.projections[2].name, "_3");
    EXPECT_EQ(query.projections[3].name, "x");
}

TEST(ParseQuery, ReadsThePathOfATable) {
    auto const query = parse_query("SELECT * FROM BlobStorage[*].warehouses[*].\"the rows\"[2]").value();

    ASSERT_EQ(query.table.size(), 4U);
    EXPECT_EQ(query.table[0].name, "warehouses");
    EXPECT_TRUE(query.table[1].name.empty());
    EXPECT_EQ(query.table[2].name, "the rows");
    EXPECT_EQ(query.table[3].index, 2U);
}

TEST(ParseQuery, BindsOperatorsByPrecedence) {
    auto const where =
        *parse_query("SELECT * FROM BlobStorage WHERE NOT a = 1 OR b = 2 AND c = 3 + 4 * 5").value().where;

    ASSERT_EQ(where.operation, Operation::or_);
    EXPECT_EQ(where.arguments[0].operation, Operation::not_);
    ASSERT_EQ(where.arguments[1].operation, Operation::and_);
    auto const& sum = where.arguments[1].arguments[1].arguments[1];
    EXPECT_EQ(sum.operation, Operation::add);
    EXPECT_EQ(sum.arguments[1].operation, Operation::multiply);
}

TEST(ParseQuery, RefusesWhatIsNoQuery) {
    for (auto const* const text :
         {"",
          "SELECT",
          "SELECT *",
          "SELECT * FROM",
          "SELECT * FROM Table1",
          "SELECT FROM BlobStorage",
          "SELECT a, FROM BlobStorage",
          "SELECT * FROM BlobStorage WHERE",
          "SELECT * FROM BlobStorage WHERE a =",
          "SELECT * FROM BlobStorage WHERE (a = 1",
          "SELECT * FROM BlobStorage WHERE a NOT 1",
          "SELECT * FROM BlobStorage WHERE a IN ()",
          "SELECT * FROM BlobStorage LIMIT x",
          "SELECT * FROM BlobStorage LIMIT -1",
          "SELECT * FROM BlobStorage; SELECT * FROM BlobStorage",
          "SELECT a b FROM BlobStorage",
          "SELECT tags[x] FROM BlobStorage",
          "DELETE FROM BlobStorage",
          "SELECT * FROM BlobStorage[0]"}) {
        EXPECT_FALSE(parse_query(text)) << text;
    }
}

TEST(ParseQuery, SaysWhereTheMistakeIs) {
    EXPECT_EQ(
        refusal("SELECT * FROM BlobStorage WHERE ) = 1"), "Syntax error! Unexpected ')' at character 33."
    );
    EXPECT_THAT(refusal("SELECT 'a FROM BlobStorage"), HasSubstr("quote at character 8 is not closed"));
    EXPECT_THAT(refusal("SELECT # FROM BlobStorage"), HasSubstr("character 8"));
    EXPECT_EQ(refusal("SELECT * FROM"), "Syntax error! The query ends too early. Expected BlobStorage.");
}

TEST(ParseQuery, NamesWhatIsNotSupported) {
    EXPECT_THAT(refusal("SELECT CASE WHEN a THEN 1 END FROM BlobStorage"), HasSubstr("CASE"));
    EXPECT_THAT(refusal("SELECT CONCAT(a, b) FROM BlobStorage"), HasSubstr("CONCAT"));
    EXPECT_THAT(refusal("SELECT CAST(a AS DECIMAL) FROM BlobStorage"), HasSubstr("DECIMAL"));
    EXPECT_THAT(refusal("SELECT DISTINCT a FROM BlobStorage"), HasSubstr("DISTINCT"));
    EXPECT_THAT(refusal("SELECT * FROM BlobStorage GROUP BY a"), HasSubstr("GROUP"));
    EXPECT_THAT(refusal("SELECT * FROM BlobStorage ORDER BY a"), HasSubstr("ORDER"));
    EXPECT_THAT(refusal("SELECT a FROM BlobStorage WHERE a IN (SELECT 1)"), HasSubstr("subquery"));
    EXPECT_THAT(refusal("SELECT a, COUNT(*) FROM BlobStorage"), HasSubstr("aggregate"));
    EXPECT_THAT(refusal("SELECT SUM(a) / 2 FROM BlobStorage"), HasSubstr("'/'"));
    EXPECT_THAT(refusal("SELECT 2 * SUM(a) FROM BlobStorage"), HasSubstr("aggregate"));
    EXPECT_THAT(refusal("SELECT LOWER() FROM BlobStorage"), HasSubstr("LOWER"));
}

TEST(ParseQuery, BoundsWhatItTakes) {
    auto const in_query = [](std::string const& expression) {
        return "SELECT * FROM BlobStorage WHERE " + expression;
    };
    EXPECT_TRUE(parse_query(in_query(repeat("(", 60) + "1" + repeat(")", 60))));
    EXPECT_FALSE(parse_query(in_query(repeat("(", 5000) + "1" + repeat(")", 5000))));
    EXPECT_FALSE(parse_query(in_query(repeat("NOT ", 5000) + "1")));
    EXPECT_FALSE(parse_query(in_query(repeat("- ", 5000) + "1")));
    EXPECT_TRUE(parse_query(in_query("1" + repeat("+1", 200))));
    EXPECT_FALSE(parse_query(in_query("1" + repeat("+1", 5000))));
    EXPECT_TRUE(parse_query(in_query("1" + repeat(" OR 1", 5000))));
    EXPECT_FALSE(parse_query(in_query(repeat("(", 60) + "1" + repeat(repeat("+1", 200) + ")", 60))));
    EXPECT_FALSE(parse_query(in_query("'" + std::string(kLongestQuery, 'x') + "'")));
    EXPECT_FALSE(parse_query("SELECT a" + repeat(".a", 5000) + " FROM BlobStorage"));
    EXPECT_FALSE(parse_query("SELECT \xff FROM BlobStorage"));
}

TEST(ParseQuery, SelectsAtMost49Columns) {
    EXPECT_TRUE(parse_query("SELECT 1" + repeat(", 1", 48) + " FROM BlobStorage"));
    EXPECT_THAT(refusal("SELECT 1" + repeat(", 1", 49) + " FROM BlobStorage"), HasSubstr("49"));
}

TEST(ParseQuery, SplitsIntoBatchesOfTenMegabytesOrMore) {
    auto const query = parse_query("SELECT sys.split(10485760)FROM BlobStorage").value();
    EXPECT_TRUE(query.is_split);
    EXPECT_EQ(query.split_size, 10'485'760U);
    EXPECT_THAT(refusal("SELECT sys.split(10485759) FROM BlobStorage"), HasSubstr("10485760"));
    EXPECT_FALSE(parse_query("SELECT sys.split(10485760) FROM BlobStorage WHERE _1 = 1"));
}

}  // namespace
}  // namespace bluebatch::emulator::blob::query
