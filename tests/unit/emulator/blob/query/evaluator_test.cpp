#include "emulator/blob/query/evaluator.hpp"

#include "tests/unit/emulator/blob/query/query_run.hpp"

namespace bluebatch::emulator::blob::query {
namespace {

// The value of an expression on the record 7,abc,2.5,,true (_1 to _5).
std::string value(std::string const& expression) {
    auto text = data("SELECT " + expression + " FROM BlobStorage", "7,abc,2.5,,true\n");
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

// The name of the fault that the expression is on that record.
std::string fault(std::string const& expression) {
    auto const answer = told("SELECT " + expression + " FROM BlobStorage", "7,abc,2.5,,true\n");
    EXPECT_EQ(answer.data, "") << expression;
    EXPECT_EQ(answer.errors.size(), 1U) << expression;
    return answer.errors.empty() ? "" : answer.errors[0].name;
}

bool holds(std::string const& condition) {
    return !data("SELECT * FROM BlobStorage WHERE " + condition, "7,abc,2.5,,true\n").empty();
}

TEST(Evaluate, CalculatesWithIntegersAndFloats) {
    EXPECT_EQ(value("1 + 2 * 3"), "7");
    EXPECT_EQ(value("(1 + 2) * 3"), "9");
    EXPECT_EQ(value("7 / 2"), "3");
    EXPECT_EQ(value("-7 / 2"), "-3");
    EXPECT_EQ(value("7 % 4"), "3");
    EXPECT_EQ(value("7.0 / 2"), "3.5");
    EXPECT_EQ(value("1 - -1"), "2");
    EXPECT_EQ(value("-(1 + 1)"), "-2");
    EXPECT_EQ(value("1e3"), "1000");
    EXPECT_EQ(value(".5 + 1."), "1.5");
    EXPECT_EQ(value("5.5 % 2"), "1.5");
    EXPECT_EQ(value("-9223372036854775808"), "-9223372036854775808");
}

TEST(Evaluate, TakesNumbersFromText) {
    EXPECT_EQ(value("_1 + 1"), "8");
    EXPECT_EQ(value("_3 * 2"), "5");
    EXPECT_EQ(value("_1 * _3"), "17.5");
    EXPECT_EQ(value("'  4 ' + 1"), "5");
    EXPECT_EQ(value("'+4' + 1"), "5");
}

TEST(Evaluate, ReportsWhatCannotBeCalculated) {
    EXPECT_EQ(fault("_2 + 1"), "InvalidTypeConversion");
    EXPECT_EQ(fault("_4 + 1"), "InvalidTypeConversion");
    EXPECT_EQ(fault("1 / 0"), "DivisionByZero");
    EXPECT_EQ(fault("1.5 % 0"), "DivisionByZero");
    EXPECT_EQ(fault("9223372036854775807 + 1"), "ArithmeticOverflow");
    EXPECT_EQ(fault("-9223372036854775808 / -1"), "ArithmeticOverflow");
    EXPECT_EQ(value("-9223372036854775808 % -1"), "0");
    EXPECT_EQ(fault("1e308 * 10"), "ArithmeticOverflow");
    EXPECT_EQ(fault("_9"), "InvalidColumnOrdinal");
}

TEST(Evaluate, ComparesInTheStrongerType) {
    EXPECT_TRUE(holds("_1 = 7"));
    EXPECT_TRUE(holds("_1 > 6.5"));
    EXPECT_TRUE(holds("_1 < 10")) << "numbers, not text";
    EXPECT_TRUE(holds("_1 > '10'")) << "text, not numbers";
    EXPECT_TRUE(holds("_3 > 2"));
    EXPECT_TRUE(holds("_3 < 3"));
    EXPECT_TRUE(holds("_2 = 'abc'"));
    EXPECT_FALSE(holds("_2 = 'ABC'"));
    EXPECT_TRUE(holds("_2 <> 'abd' AND _2 != 'x'"));
    EXPECT_TRUE(holds("_5 = true"));
    EXPECT_TRUE(holds("_5"));
    EXPECT_TRUE(holds("'2020-01-01' < CAST('2020-01-01T00:00:01Z' AS TIMESTAMP)"));
    EXPECT_TRUE(holds("1 <= 1.0 AND 1 >= 1.0"));
}

TEST(Evaluate, DropsRecordsThatCannotBeCompared) {
    auto const answer = told("SELECT _2 FROM BlobStorage WHERE _2 > 100", "100,hello\n150,250\n");

    EXPECT_EQ(answer.data, "250\n");
    ASSERT_EQ(answer.errors.size(), 1U);
    EXPECT_FALSE(answer.errors[0].is_fatal);
    EXPECT_EQ(answer.errors[0].name, "InvalidTypeConversion");
    EXPECT_EQ(answer.errors[0].description, "Invalid type conversion.");
    EXPECT_EQ(answer.errors[0].position, 0U);
}

TEST(Evaluate, KnowsThreeTruths) {
    EXPECT_FALSE(holds("NULL = NULL"));
    EXPECT_FALSE(holds("NOT (NULL = 1)"));
    EXPECT_FALSE(holds("NULL AND true"));
    EXPECT_TRUE(holds("NULL OR true"));
    EXPECT_TRUE(holds("NOT (NULL AND false)"));
    EXPECT_TRUE(holds("(1 = NULL) IS NULL"));
    EXPECT_TRUE(holds("1 IS NOT NULL"));
    EXPECT_FALSE(holds("1 NOT IN (2, NULL)"));
    EXPECT_TRUE(holds("1 IN (2, NULL, 1)"));
    EXPECT_EQ(value("NULL + 1"), "");
}

TEST(Evaluate, StopsWhereTheOutcomeIsClear) {
    EXPECT_TRUE(holds("true OR 1 / 0 = 1"));
    EXPECT_FALSE(holds("false AND 1 / 0 = 1"));
    EXPECT_EQ(value("COALESCE(NULL, 2, 1 / 0)"), "2");
}

TEST(Evaluate, TestsRangesAndLists) {
    EXPECT_TRUE(holds("_1 BETWEEN 7 AND 8"));
    EXPECT_FALSE(holds("_1 BETWEEN 8 AND 9"));
    EXPECT_TRUE(holds("_1 NOT BETWEEN 8 AND 9 AND _2 = 'abc'"));
    EXPECT_TRUE(holds("_2 IN ('x', 'abc')"));
    EXPECT_TRUE(holds("_2 NOT IN ('x', 'y')"));
    EXPECT_FALSE(holds("_1 BETWEEN NULL AND 5"));
    EXPECT_TRUE(holds("_4 = ''")) << "an empty field is text, not NULL";
    EXPECT_FALSE(holds("_4 IS NULL"));
}

TEST(Evaluate, MatchesPatterns) {
    for (auto const* const pattern : {"abc", "a%", "%c", "%b%", "%", "a_c", "___", "%a%b%c%", "abc%"})
        EXPECT_TRUE(holds("_2 LIKE '" + std::string{pattern} + "'")) << pattern;
    for (auto const* const pattern : {"", "ab", "abcd", "b%", "%b", "__", "____", "A%", "%d%"})
        EXPECT_FALSE(holds("_2 LIKE '" + std::string{pattern} + "'")) << pattern;
    EXPECT_TRUE(holds("_2 NOT LIKE 'x%'"));
    EXPECT_TRUE(holds("'50%' LIKE '50!%' ESCAPE '!'"));
    EXPECT_FALSE(holds("'505' LIKE '50!%' ESCAPE '!'"));
    EXPECT_TRUE(holds("'a!b' LIKE 'a!!b' ESCAPE '!'"));
    EXPECT_TRUE(holds("'f\xC3\xBC\xC3\x9F' LIKE 'f__'")) << "characters, not bytes";
    EXPECT_TRUE(holds("_1 LIKE '7'"));
}

TEST(Evaluate, MatchesNastyPatternsQuickly) {
    std::string const text(20'000, 'a');
    std::string pattern;
    for (int i = 0; i < 1000; ++i)
        pattern += "a%";
    EXPECT_EQ(data("SELECT 1 FROM BlobStorage WHERE _1 LIKE '" + pattern + "b'", text), "");
}

TEST(Evaluate, Casts) {
    EXPECT_EQ(value("CAST(_1 AS INT) / 2"), "3");
    EXPECT_EQ(value("CAST(2.9 AS INT)"), "2");
    EXPECT_EQ(value("CAST(-2.9 AS INT)"), "-2");
    EXPECT_EQ(value("CAST(_1 AS FLOAT) / 2"), "3.5");
    EXPECT_EQ(value("CAST(true AS INT)"), "1");
    EXPECT_EQ(value("CAST(0 AS BOOLEAN)"), "false");
    EXPECT_EQ(value("CAST('TRUE' AS BOOLEAN)"), "true");
    EXPECT_EQ(value("CAST(1.50 AS STRING)"), "1.5");
    EXPECT_EQ(value("CAST('2018-11-09T01:00:23-08:00' AS TIMESTAMP)"), "2018-11-09T01:00:23-08:00");
    EXPECT_EQ(value("CAST(NULL AS INT)"), "");
    EXPECT_EQ(fault("CAST('2.9' AS INT)"), "InvalidTypeConversion");
    EXPECT_EQ(fault("CAST('yes' AS BOOLEAN)"), "InvalidTypeConversion");
    EXPECT_EQ(fault("CAST('soon' AS TIMESTAMP)"), "InvalidTypeConversion");
    EXPECT_EQ(fault("CAST(1e300 AS INT)"), "ArithmeticOverflow");
}

TEST(Evaluate, WorksOnText) {
    EXPECT_EQ(value("CHAR_LENGTH(_2)"), "3");
    EXPECT_EQ(
        value("CHARACTER_LENGTH('Gr\xC3\xB6\xC3\x9F"
              "e')"),
        "5"
    );
    EXPECT_EQ(value("LOWER('AbC')"), "abc");
    EXPECT_EQ(value("UPPER('\xC3\xA4\xC3\x9F \xCE\xB1 \xD0\xB9')"), "\xC3\x84\xC3\x9F \xCE\x91 \xD0\x99");
    EXPECT_EQ(value("LOWER('\xC5\x98\xC4\x8C\xC5\xBD')"), "\xC5\x99\xC4\x8D\xC5\xBE");
    EXPECT_EQ(value("SUBSTRING('123456789', 1, 5)"), "23456");
    EXPECT_EQ(value("SUBSTRING('123456789', 0, 2)"), "12");
    EXPECT_EQ(value("SUBSTRING('123456789', 7)"), "89");
    EXPECT_EQ(value("SUBSTRING('123', -1, 2)"), "1");
    EXPECT_EQ(value("SUBSTRING('123', 5, 2)"), "");
    EXPECT_EQ(value("SUBSTRING('123', 0, -9223372036854775808)"), "");
    EXPECT_EQ(value("SUBSTRING('123', -9223372036854775808, 5)"), "");
    EXPECT_EQ(value("SUBSTRING('123', -5, -9223372036854775808)"), "");
    EXPECT_EQ(value("TRIM('  a b ')"), "a b");
    EXPECT_EQ(value("TRIM(BOTH '123' FROM '1112211Microsoft22211122')"), "Microsoft");
    EXPECT_EQ(value("TRIM(LEADING FROM ' a ')"), "a ");
    EXPECT_EQ(value("TRIM(TRAILING '.' FROM 'a..')"), "a");
    EXPECT_EQ(value("NULLIF(_2, 'abc')"), "");
    EXPECT_EQ(value("NULLIF(_2, 'x')"), "abc");
    EXPECT_EQ(value("COALESCE(NULLIF(_4, ''), 'none')"), "none");
    EXPECT_EQ(value("LOWER(NULL)"), "");
    EXPECT_EQ(value("'it''s'"), "it's");
}

TEST(Evaluate, WorksOnDates) {
    EXPECT_EQ(
        value("DATE_ADD('minute', 1, CAST('2017-01-02T03:04:05.006Z' AS TIMESTAMP))"),
        "2017-01-02T03:05:05.006Z"
    );
    EXPECT_EQ(value("DATE_ADD(month, 1, '2020-01-31')"), "2020-02-29T00:00:00Z");
    EXPECT_EQ(value("DATE_ADD(year, -1, '2020-02-29')"), "2019-02-28T00:00:00Z");
    EXPECT_EQ(value("DATE_DIFF('hour','2018-11-09T00:00+05:30','2018-11-09T01:00:23-08:00')"), "14");
    EXPECT_EQ(value("DATE_DIFF(day, '2020-03-02', '2020-03-01T12:00Z')"), "0");
    EXPECT_EQ(value("DATE_DIFF(month, '2020-01-31', '2020-02-29')"), "0");
    EXPECT_EQ(value("DATE_DIFF(year, '2020-02-01', '2010-02-01')"), "-10");
    EXPECT_EQ(value("EXTRACT(YEAR FROM '2010-01-01T')"), "2010");
    EXPECT_EQ(value("EXTRACT(hour FROM '2010-01-01T23:00-02:30')"), "23");
    EXPECT_EQ(value("EXTRACT(timezone_minute FROM '2010-01-01T23:00-02:30')"), "-30");
    EXPECT_EQ(value("TO_TIMESTAMP('2007T')"), "2007-01-01T00:00:00Z");
    EXPECT_EQ(value("UTCNOW()"), "2020-06-15T12:30:00Z");
    EXPECT_EQ(value("CAST('2020-02-28' AS TIMESTAMP) + 2"), "2020-03-01T00:00:00Z");
    EXPECT_EQ(value("UTCNOW() - 15"), "2020-05-31T12:30:00Z");
    EXPECT_EQ(fault("DATE_ADD(year, 9000, '2020-01-01')"), "ArithmeticOverflow");
    EXPECT_EQ(fault("DATE_ADD(second, 9223372036854775807, '2020-01-01')"), "ArithmeticOverflow");
}

TEST(Evaluate, FormatsDates) {
    auto const shown = [](std::string const& format) {
        return value("TO_STRING('1969-07-20T20:18:05.25Z', '" + format + "')");
    };
    EXPECT_EQ(
        value("TO_STRING(CAST('1969-07-20T20:18Z' AS TIMESTAMP), 'MMMM d\xE2\x80\xAF y')"),
        "July 20\xE2\x80\xAF 1969"
    );
    EXPECT_EQ(shown("yy yyyy M MM MMM d dd"), "69 1969 7 07 JUL 20 20");
    EXPECT_EQ(shown("h hh H HH m mm s ss a"), "8 08 20 20 18 18 5 05 PM");
    EXPECT_EQ(shown("S SS SSS"), "2 25 250");
    EXPECT_EQ(value("TO_STRING('2020-01-01T00:00-07:30', 'h X XX XXXXX x')"), "12 -07 -0730 -07:30 -7");
    EXPECT_EQ(fault("TO_STRING('2020-01-01', 'QQ')"), "InvalidTypeConversion");
}

TEST(ParseTimestamp, KnowsTheFormsOfTheStandard) {
    for (auto const* const text :
         {"2007",
          "2007T",
          "2007-02",
          "2007-02T",
          "2007-02-23",
          "2007-02-23T",
          "2007-02-23T12:14Z",
          "2007-02-23T12:14:33Z",
          "2007-02-23T12:14:33.079Z",
          "2007-02-23T12:14:33.0791234567+07:30",
          "2007-02-23 12:14",
          "2007-02-23T12:14-0800"})
        EXPECT_TRUE(parse_timestamp(text)) << text;
    for (auto const* const text :
         {"",
          "207",
          "0000",
          "2007-13",
          "2007-02-30",
          "2007-02-23T24:00Z",
          "2007-02-23T12Z",
          "2007-02-23T12:60Z",
          "2007-02-23T12:14:33.Z",
          "2007-02-23T12:14+15:00",
          "2007-02-23T12:14Zx",
          "2007-2-3",
          "20070223"})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

}  // namespace
}  // namespace bluebatch::emulator::blob::query
