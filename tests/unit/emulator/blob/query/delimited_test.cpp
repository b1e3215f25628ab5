#include "tests/unit/emulator/blob/query/query_run.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::blob::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The fields of all records, or what went wrong.
std::vector<std::vector<std::string>> records(
    std::string_view text, DelimitedFormat const& format = {}, std::size_t piece = 1 << 20
) {
    TextSource source(text, piece);
    DelimitedReader reader(source, format);
    std::vector<std::vector<std::string>> all;
    while (true) {
        auto const read = reader.next();
        if (!read) {
            all.push_back({"error", read.error().description});
            return all;
        }
        if (!*read) return all;
        all.push_back(reader.fields());
    }
}

TEST(DelimitedReader, TakesFieldsApart) {
    EXPECT_THAT(records(""), ElementsAre());
    EXPECT_THAT(records("a,b\nc,d\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    EXPECT_THAT(records("a,b\nc,d"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    EXPECT_THAT(records(",\n,"), ElementsAre(ElementsAre("", ""), ElementsAre("", "")));
    EXPECT_THAT(records("\n"), ElementsAre(ElementsAre("")));
    EXPECT_THAT(records("a\r\nb\r\n"), ElementsAre(ElementsAre("a"), ElementsAre("b")));
    EXPECT_THAT(
        records("\xEF\xBB\xBF"
                "a"),
        ElementsAre(ElementsAre("a"))
    );
}

TEST(DelimitedReader, UnderstandsQuotes) {
    EXPECT_THAT(records("\"a,b\",c"), ElementsAre(ElementsAre("a,b", "c")));
    EXPECT_THAT(records("\"a\nb\"\nc"), ElementsAre(ElementsAre("a\nb"), ElementsAre("c")));
    EXPECT_THAT(records("\"a\"\"b\",\"\""), ElementsAre(ElementsAre("a\"b", "")));
    EXPECT_THAT(records("a\"b,c"), ElementsAre(ElementsAre("a\"b", "c"))) << "a quote inside is a letter";
    EXPECT_THAT(records("\"a\r\"\r\n"), ElementsAre(ElementsAre("a\r")));
    EXPECT_THAT(records("\"a\"x,b"), ElementsAre(ElementsAre("ax", "b")));
    EXPECT_THAT(
        records("a\n\"b"),
        ElementsAre(ElementsAre("a"), ElementsAre("error", "A quoted field is not closed."))
    );
}

TEST(DelimitedReader, UsesTheCharactersItIsGiven) {
    EXPECT_THAT(records("a.b!c.d!", {".", "!"}), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
    EXPECT_THAT(records("a||b;;c", {"||", ";;"}), ElementsAre(ElementsAre("a", "b"), ElementsAre("c")));
    EXPECT_THAT(records("'a,b','c'", {",", "\n", '\''}), ElementsAre(ElementsAre("a,b", "c")));
    EXPECT_THAT(records("\"a,b", {",", "\n", std::nullopt}), ElementsAre(ElementsAre("\"a", "b")));
    EXPECT_THAT(records("a\\,b,\"c\\\"d\"", {",", "\n", '"', '\\'}), ElementsAre(ElementsAre("a,b", "c\"d")));
    EXPECT_THAT(records("\"a\"\"b\"", {",", "\n", '"', '"'}), ElementsAre(ElementsAre("a\"b")));
    EXPECT_THAT(records("a\\", {",", "\n", '"', '\\'}), ElementsAre(ElementsAre("a\\")));
}

TEST(DelimitedReader, ReadsTheSameInPiecesOfAnySize) {
    std::string const text =
        "\xEF\xBB\xBF"
        "a||\"b;;\"\"c\"||\\|x;;;||d|;;\"e\\\"\";;last";
    DelimitedFormat const format{"||", ";;", '"', '\\'};
    auto const whole = records(text, format);
    EXPECT_EQ(whole.size(), 4U);
    for (std::size_t piece = 1; piece < text.size(); ++piece)
        EXPECT_EQ(records(text, format, piece), whole) << piece;
}

TEST(DelimitedReader, BoundsRecords) {
    std::string const long_field(kLongestRecord + (1 << 20), 'x');
    EXPECT_THAT(records(long_field)[0][1], HasSubstr("4 MiB"));
    std::string const many_fields(kMostFields + 1, ',');
    EXPECT_THAT(records(many_fields)[0][1], HasSubstr("65536"));
    EXPECT_EQ(records(std::string(kMostFields - 1, ','))[0].size(), kMostFields);
}

TEST(DelimitedReader, KnowsWhereRecordsLie) {
    TextSource source("ab,c\r\nd\ne");
    DelimitedReader reader(source, {});
    std::vector<std::uint64_t> positions;
    while (reader.next().value()) {
        positions.push_back(reader.position());
        positions.push_back(reader.end_position());
    }
    EXPECT_THAT(positions, ElementsAre(0, 6, 6, 8, 8, 9));
}

TEST(QueryDelimited, SelectsColumns) {
    std::string const blob = "100,200,300,400\n300,400,500,600\n";
    EXPECT_EQ(data("SELECT * FROM BlobStorage", blob), blob);
    EXPECT_EQ(data("SELECT _2 from BlobStorage WHERE _1 > 250;", blob), "400\n");
    EXPECT_EQ(data("SELECT _4, _1 FROM BlobStorage LIMIT 1", blob), "400,100\n");
    EXPECT_EQ(data("SELECT * FROM BlobStorage[*] LIMIT 0", blob), "");
    EXPECT_EQ(data("SELECT * FROM BlobStorage", "a,b\r\nc\r\n"), "a,b\nc\n") << "records keep their length";
}

TEST(QueryDelimited, FindsColumnsByTheirNames) {
    std::string const blob = "Id,First Name,id2\n1,Ann,x\n2,Bob,y\n";
    EXPECT_EQ(data("SELECT id, \"First Name\" FROM BlobStorage", blob, with_headers()), "1,Ann\n2,Bob\n");
    EXPECT_EQ(data("SELECT ID2 FROM BlobStorage WHERE ID = 2", blob, with_headers()), "y\n");
    EXPECT_EQ(data("SELECT _2 FROM BlobStorage", blob, with_headers()), "Ann\nBob\n");
    EXPECT_EQ(data("SELECT * FROM BlobStorage", blob, with_headers()), "1,Ann,x\n2,Bob,y\n");
    EXPECT_THAT(refusal("SELECT \"ID\" FROM BlobStorage", blob, with_headers()), HasSubstr("'ID'"));
    EXPECT_THAT(refusal("SELECT 1 FROM BlobStorage WHERE x = 1", blob, with_headers()), HasSubstr("'x'"));
    EXPECT_THAT(refusal("SELECT id FROM BlobStorage", blob), HasSubstr("'id'"));
    EXPECT_THAT(refusal("SELECT id.x FROM BlobStorage", blob, with_headers()), HasSubstr("path"));
    EXPECT_THAT(refusal("SELECT * FROM BlobStorage[*].x", blob), HasSubstr("path"));
    EXPECT_EQ(data("SELECT id FROM BlobStorage", "", with_headers()), "");
}

TEST(QueryDelimited, ReportsRecordsThatAreTooShort) {
    auto const answer = told("SELECT _2 FROM BlobStorage", "a,b\nc\nd,e\n");
    EXPECT_EQ(answer.data, "b\ne\n");
    ASSERT_EQ(answer.errors.size(), 1U);
    EXPECT_EQ(answer.errors[0].name, "InvalidColumnOrdinal");
    EXPECT_EQ(answer.errors[0].position, 4U);
}

TEST(QueryDelimited, CountsPositionsFromTheStartOfTheBlob) {
    RunOptions options;
    options.offset = 1000;
    EXPECT_EQ(told("SELECT _2 FROM BlobStorage", "a\n", options).errors.at(0).position, 1000U);
}

TEST(QueryDelimited, WritesInAnotherForm) {
    RunOptions options;
    options.output = DelimitedOutput{";", ".", '\'', '\\'};
    EXPECT_EQ(data("SELECT * FROM BlobStorage", "a,1.0.1\nb;c,it's\n", options), "a;'1.0.1'.'b;c';'it\\'s'.");
    options.output = DelimitedOutput{};
    EXPECT_EQ(
        data("SELECT * FROM BlobStorage", "\"a,b\",\"c\"\"d\",\"e\nf\"\n", options),
        "\"a,b\",\"c\"\"d\",\"e\nf\"\n"
    );
    options.output = JsonOutput{";"};
    EXPECT_EQ(
        data("SELECT _1, _2 AS b FROM BlobStorage", "x,\"q\"\"\n\"\n", options), R"({"_1":"x","b":"q\"\n"};)"
    );
    EXPECT_EQ(
        data("SELECT * FROM BlobStorage", "x,\xff\x01\n", options),
        "{\"_1\":\"x\",\"_2\":\"\xEF\xBF\xBD\\u0001\"};"
    );
}

TEST(QueryDelimited, WritesHeadersWhereTheyAreWanted) {
    auto options = with_headers();
    options.output = DelimitedOutput{",", "\n", '"', std::nullopt, true};
    EXPECT_EQ(data("SELECT * FROM BlobStorage", "a,\"b,c\"\n1,2\n", options), "a,\"b,c\"\n1,2\n");
    EXPECT_EQ(data("SELECT a AS x, 1 + 1 FROM BlobStorage", "a\n1\n", options), "x,_2\n1,2\n");
    EXPECT_EQ(data("SELECT a FROM BlobStorage WHERE a = 5", "a\n1\n", options), "a\n");
    options.input = DelimitedFormat{};
    EXPECT_EQ(data("SELECT * FROM BlobStorage", "5,6\n", options), "_1,_2\n5,6\n");
}

TEST(QueryDelimited, Aggregates) {
    std::string const blob = "3,a\n1,b\n,c\n8,d\n";
    EXPECT_EQ(data("SELECT COUNT(*) FROM BlobStorage", blob), "4\n");
    EXPECT_EQ(data("SELECT COUNT(*) FROM BlobStorage WHERE _2 > 'b'", blob), "2\n");
    EXPECT_EQ(data("SELECT COUNT(NULLIF(_1, '')) FROM BlobStorage", blob), "3\n");
    EXPECT_EQ(data("SELECT SUM(NULLIF(_1, '')) FROM BlobStorage", blob), "12\n");
    EXPECT_EQ(data("SELECT AVERAGE(NULLIF(_1, '')) FROM BlobStorage", blob), "4\n");
    EXPECT_EQ(data("SELECT AVG(CAST(_1 AS INT)) FROM BlobStorage", "1\n2\n"), "1.5\n");
    EXPECT_EQ(data("SELECT MIN(_2) FROM BlobStorage", blob), "a\n");
    EXPECT_EQ(data("SELECT MAX(CAST(NULLIF(_1, '') AS INT)) FROM BlobStorage", blob), "8\n");
    EXPECT_EQ(data("SELECT SUM(_1) FROM BlobStorage", ""), "\n");
    EXPECT_EQ(data("SELECT COUNT(*) FROM BlobStorage", ""), "0\n");
    EXPECT_EQ(data("SELECT COUNT(*) FROM BlobStorage LIMIT 2", blob), "4\n");
    auto const answer = told("SELECT SUM(_1) FROM BlobStorage", blob);
    EXPECT_EQ(answer.data, "12\n");
    EXPECT_EQ(answer.errors.size(), 1U) << "the empty field is no number";
}

TEST(QueryDelimited, SplitsIntoBatchesOfWholeRecords) {
    std::string const record = std::string(999'999, 'x') + "\n";
    std::string blob;
    for (int i = 0; i < 25; ++i)
        blob += record;
    EXPECT_EQ(data("SELECT sys.split(10485760) FROM BlobStorage", blob), "11000000\n11000000\n3000000\n");
    EXPECT_EQ(data("SELECT sys.split(10485760) FROM BlobStorage LIMIT 1", blob), "11000000\n");
    EXPECT_EQ(data("SELECT sys.split(10485760) FROM BlobStorage", ""), "");
}

TEST(QueryDelimited, EndsWithAFatalErrorWhereTheTextIsBroken) {
    auto const answer = told("SELECT * FROM BlobStorage", "a\n\"b");
    EXPECT_EQ(answer.data, "a\n");
    ASSERT_EQ(answer.errors.size(), 1U);
    EXPECT_TRUE(answer.errors[0].is_fatal);
    EXPECT_EQ(answer.errors[0].name, "ParseError");
    EXPECT_EQ(answer.errors[0].position, 2U);
    EXPECT_EQ(told("SELECT COUNT(*) FROM BlobStorage", "a\n\"b").data, "") << "half a count is none";
}

TEST(Answer, TellsProgressAndPutsDataBeforeErrors) {
    auto const small = told("SELECT * FROM BlobStorage", "a\nb\n");
    EXPECT_THAT(small.progress, ElementsAre(4));
    EXPECT_EQ(told("SELECT _2 FROM BlobStorage", "a\n").first_record, "data");
    std::string blob;
    while (blob.size() < (9U << 20))
        blob += "some,text,of,records\n";
    auto const large = told("SELECT * FROM BlobStorage", blob);
    EXPECT_EQ(large.data, blob);
    EXPECT_EQ(large.progress.size(), 3U);
    EXPECT_EQ(large.progress.back(), blob.size());
}

}  // namespace
}  // namespace bluebatch::emulator::blob::query
