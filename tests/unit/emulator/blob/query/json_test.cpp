#include "emulator/blob/query/json.hpp"

#include "tests/unit/emulator/blob/query/query_run.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::blob::query {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMouse =
    R"({"id": 1, "name": "mouse", "price": 12.50, "tags": ["wireless", "accessory"], "none": null,
        "dimensions": {"length": 3, "width": 2}, "weight": 0.2, "Ok": true,
        "warehouses": [{"latitude": 41.8, "longitude": -87.6}, {"latitude": 5}]})";

std::string mouse(std::string const& columns, std::string const& rest = "") {
    auto text = data("SELECT " + columns + " FROM BlobStorage" + rest, kMouse, json_lines());
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

TEST(FindJsonFault, AcceptsJsonAndNothingElse) {
    for (auto const* const text :
         {"{}",
          "[]",
          "1",
          "-0.5e+10",
          "\"\"",
          "\"\\u00e4\\n\"",
          "true",
          "false",
          "null",
          " [1, {\"a\": []}] "})
        EXPECT_FALSE(json::find_fault(text)) << text;
    for (auto const* const text :
         {"",   "{",       "[1,]",      "{\"a\"}",  "{a:1}", "{\"a\":1,}", "01",  "1.",   ".5", "+1",   "1e",
          "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "tru",   "nul",        "1 2", "{} x", "-",  "[1 2]"})
        EXPECT_TRUE(json::find_fault(text)) << text;
    EXPECT_FALSE(json::find_fault(std::string(100, '[') + std::string(100, ']')));
    EXPECT_TRUE(json::find_fault(std::string(100'000, '[')));
}

TEST(Json, DecodesStrings) {
    EXPECT_EQ(json::decode_string(R"("a\"\\\/\b\f\n\r\t")"), "a\"\\/\b\f\n\r\t");
    EXPECT_EQ(json::decode_string(R"("\u00e4\u20ac\ud83d\ude00")"), "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    EXPECT_EQ(json::decode_string(R"("\ud83dx\ude00")"), "\xEF\xBF\xBDx\xEF\xBF\xBD");
}

TEST(QueryJson, SelectsMembers) {
    EXPECT_EQ(mouse("name"), R"({"name":"mouse"})");
    EXPECT_EQ(mouse("NAME, \"name\" AS n, \"NAME\" AS x"), R"({"NAME":"mouse","n":"mouse"})");
    EXPECT_EQ(
        mouse("weight,warehouses[0].longitude,id,tags[1]"),
        R"({"weight":0.2,"longitude":-87.6,"id":1,"tags":"accessory"})"
    );
    EXPECT_EQ(
        mouse("none, ok, dimensions"), R"({"none":null,"ok":true,"dimensions":{"length":3,"width":2}})"
    );
    EXPECT_EQ(mouse("price * 2 AS twice"), R"({"twice":25})");
    EXPECT_EQ(mouse("nothing"), "{}");
}

TEST(QueryJson, LeavesMissingMembersOut) {
    std::string const blob =
        "{\"name\": \"owner\", \"id\": 1}\n{\"name2\": \"owner2\"}\n{\"name\": \"owner\", \"id\": 1}";
    auto options = json_lines();
    options.output = JsonOutput{";"};
    EXPECT_EQ(
        data("SELECT name from BlobStorage", blob, options), R"({"name":"owner"};{};{"name":"owner"};)"
    );
}

TEST(QueryJson, TellsMissingFromNull) {
    EXPECT_NE(mouse("1", " WHERE nothing IS MISSING AND nothing IS NULL"), "");
    EXPECT_NE(mouse("1", " WHERE none IS NOT MISSING AND none IS NULL"), "");
    EXPECT_EQ(mouse("1", " WHERE nothing = nothing"), "");
}

TEST(QueryJson, ReadsFromAPath) {
    EXPECT_EQ(mouse("latitude", "[*].warehouses[*]"), "{\"latitude\":41.8}\n{\"latitude\":5}");
    EXPECT_EQ(mouse("latitude", "[*].warehouses[1]"), R"({"latitude":5})");
    EXPECT_EQ(mouse("latitude", "[*].warehouses[*] LIMIT 1"), R"({"latitude":41.8})");
    EXPECT_EQ(mouse("length", "[*].dimensions"), R"({"length":3})");
    EXPECT_EQ(mouse("*", "[*].tags[*]"), "{\"_1\":\"wireless\"}\n{\"_1\":\"accessory\"}");
    EXPECT_EQ(mouse("COUNT(*)", "[*].warehouses[*]"), R"({"_1":2})");
    EXPECT_EQ(mouse("*", "[*].nothing[*]"), "");
}

TEST(QueryJson, KeepsEverythingAsItWas) {
    std::string const blob =
        "{\"_1\":\"100\",\"b\":[1,{\"c\":1.50}],\"n\":12345678901234567890,\"e\":\"\\u00e4\"}\n";
    EXPECT_EQ(
        data("select * from BlobStorage", blob, json_lines()),
        "{\"_1\":\"100\",\"b\":[1,{\"c\":1.50}],\"n\":12345678901234567890,\"e\":\"\xC3\xA4\"}\n"
    );
}

TEST(QueryJson, ReadsValuesHoweverTheyAreSeparated) {
    auto const count =
        [](std::string_view blob, std::string const& separator = "\n", std::size_t piece = 1 << 20) {
            RunOptions const options{JsonFormat{separator}, JsonOutput{}, piece};
            return data("SELECT COUNT(*) FROM BlobStorage", blob, options);
        };
    EXPECT_EQ(count(""), "{\"_1\":0}\n");
    EXPECT_EQ(count("{}{}\n\n {}\r\n"), "{\"_1\":3}\n");
    EXPECT_EQ(count("{\n\"a\":\n1}\n{}"), "{\"_1\":2}\n");
    EXPECT_EQ(count("{};{};", ";"), "{\"_1\":2}\n");
    EXPECT_EQ(count("[{}, {\"a\":[1]} ,{}]"), "{\"_1\":3}\n");
    EXPECT_EQ(count("[[1],2,\"]\"]"), "{\"_1\":3}\n");
    EXPECT_EQ(count("[]"), "{\"_1\":0}\n");
    for (std::size_t piece = 1; piece < 20; ++piece)
        EXPECT_EQ(count("[{\"a\\\"}\":\"\\\\\"}, 12 ,\"x\"]--{}", "--", piece), "{\"_1\":4}\n") << piece;
}

TEST(QueryJson, AnswersInDelimitedText) {
    RunOptions const options{JsonFormat{}, DelimitedOutput{}};
    EXPECT_EQ(
        data("SELECT id, tags, nothing, none FROM BlobStorage", kMouse, options),
        "1,\"[\"\"wireless\"\",\"\"accessory\"\"]\",,\n"
    );
    EXPECT_EQ(data("SELECT * FROM BlobStorage", "{\"a\":1.50,\"b\":\"x,y\"}", options), "1.50,\"x,y\"\n");
    EXPECT_EQ(
        data("SELECT a FROM BlobStorage WHERE a > '9' OR a > 9", "{\"a\":10}{\"a\":\"x\"}", options),
        "10\nx\n"
    );
}

TEST(QueryJson, EndsWithAFatalErrorWhereTheTextIsNoJson) {
    RunOptions const options{JsonFormat{}, DelimitedOutput{}};
    auto const numbers = told("select * from BlobStorage", "100,200,300,400\n150,250,350,450\n", options);
    EXPECT_EQ(numbers.data, "\n");
    ASSERT_EQ(numbers.errors.size(), 1U);
    EXPECT_TRUE(numbers.errors[0].is_fatal);
    EXPECT_EQ(numbers.errors[0].name, "ParseError");
    EXPECT_EQ(numbers.errors[0].position, 0U);
    EXPECT_EQ(
        numbers.errors[0].description, "Unexpected token ',' at [byte: 3]. Expecting tokens '{', or '['."
    );

    auto const names =
        told("SELECT * from BlobStorage", "{name: owner}\n{name2: owner2}\n{name: owner}", options);
    EXPECT_EQ(names.data, "");
    EXPECT_EQ(names.first_record, "data") << "clients expect it";
    EXPECT_THAT(names.errors.at(0).description, HasSubstr("Unexpected token 'n' at [byte: 1]"));
    EXPECT_EQ(names.end, 43U);
    EXPECT_THAT(
        told("SELECT * FROM BlobStorage", "{\"a\":1", options).errors.at(0).description, HasSubstr("end")
    );
    EXPECT_THAT(
        told("SELECT * FROM BlobStorage", "[1 2]", options).errors.at(0).description, HasSubstr("']', or ','")
    );
    EXPECT_THAT(told("SELECT * FROM BlobStorage", "[1,", options).errors.at(0).description, HasSubstr("end"));
}

TEST(QueryJson, BoundsRecords) {
    auto const blob = "{\"a\":\"" + std::string(kLongestRecord + (1 << 20), 'x') + "\"}";
    EXPECT_THAT(
        told("SELECT COUNT(*) FROM BlobStorage", blob, json_lines()).errors.at(0).description,
        HasSubstr("4 MiB")
    );
}

TEST(QueryJson, HasNoSplit) {
    EXPECT_THAT(
        refusal("SELECT sys.split(10485760) FROM BlobStorage", "{}", json_lines()), HasSubstr("sys.split")
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob::query
