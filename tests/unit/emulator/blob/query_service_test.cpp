#include "tests/unit/emulator/blob/blob_fixture.hpp"
#include "tests/unit/emulator/blob/query/query_run.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using http::Verb;
using query::Told;

constexpr std::string_view kJsonFormat = "<Format><Type>json</Type></Format>";

class QueryBlobContentsTest : public BlobFixture {
protected:
    static std::string document(std::string const& expression, std::string const& formats = {}) {
        codec::XmlWriter text;
        text.element("Expression", expression);
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<QueryRequest><QueryType>SQL</QueryType>" +
               std::move(text).finish().substr(std::string{"<?xml version=\"1.0\" encoding=\"utf-8\"?>"}.size(
               )) +
               formats + "</QueryRequest>";
    }
    http::Response post(std::string const& body, Headers headers = {}) {
        return ask({Verb::post, "/con/b?comp=query", std::move(headers), body});
    }
    Told told(std::string const& expression, std::string const& formats = {}, Headers headers = {}) {
        auto const response = post(document(expression, formats), std::move(headers));
        EXPECT_LT(response.status, 300) << response.text;
        auto told = query::AvroReader{body_of(response)}.read();
        EXPECT_TRUE(told.is_well_formed);
        EXPECT_TRUE(told.end);
        return told;
    }
};

TEST_F(QueryBlobContentsTest, AnswersInAnAvroContainer) {
    put("b", "100,200\n300,400\n");

    auto const response = post(document("SELECT _2 FROM BlobStorage WHERE _1 > 250"));

    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.get("Content-Type"), "avro/binary");
    EXPECT_EQ(response.headers.get("Accept-Ranges"), "bytes");
    EXPECT_EQ(response.headers.get("x-ms-blob-type"), "BlockBlob");
    EXPECT_TRUE(response.headers.has("ETag"));
    EXPECT_FALSE(response.headers.has("Content-MD5"));
    EXPECT_EQ(response.framing, http::Framing::chunked);
    auto const told = query::AvroReader{body_of(response)}.read();
    EXPECT_EQ(told.data, "400\n");
    EXPECT_EQ(told.end, 16U);
}

TEST_F(QueryBlobContentsTest, ReadsBlobsAndWritesAnswersOfAnySize) {
    std::string blob;
    for (int i = 0; i < 60'000; ++i)
        blob += std::to_string(i) + ",some text of a record\n";
    put("b", blob);

    EXPECT_EQ(told("SELECT * FROM BlobStorage").data, blob);
    EXPECT_EQ(told("SELECT COUNT(*) FROM BlobStorage").data, "60000\n");
    EXPECT_EQ(told("SELECT _1 FROM BlobStorage WHERE _1 > 59998").data, "59999\n");
    put("b", "");
    EXPECT_EQ(told("SELECT * FROM BlobStorage").data, "");
}

TEST_F(QueryBlobContentsTest, TakesFormatsFromTheDocument) {
    put("b", "a\tb!1\t'x\ty'!2\tz");
    auto const input =
        "<InputSerialization><Format><Type>delimited</Type><DelimitedTextConfiguration>"
        "<ColumnSeparator>\t</ColumnSeparator><FieldQuote>'</FieldQuote><RecordSeparator>!</RecordSeparator>"
        "<EscapeChar/><HasHeaders>true</HasHeaders></DelimitedTextConfiguration></Format></"
        "InputSerialization>";
    EXPECT_EQ(told("SELECT b FROM BlobStorage WHERE a < 2", input).data, "x\ty\n");
    auto const output =
        "<OutputSerialization><Format><Type>json</Type><JsonTextConfiguration>"
        "<RecordSeparator>;</RecordSeparator></JsonTextConfiguration></Format></OutputSerialization>";
    EXPECT_EQ(told("SELECT a FROM BlobStorage", std::string{input} + output).data, R"({"a":"1"};{"a":"2"};)");
    put("b", R"({"a":1}{"a":2})");
    auto const json = "<InputSerialization>" + std::string{kJsonFormat} + "</InputSerialization>";
    EXPECT_EQ(told("SELECT a FROM BlobStorage", json).data, "1\n2\n");
}

TEST_F(QueryBlobContentsTest, KeepsToTheRange) {
    put("b", "1\n22\n333\n");

    auto const response = post(document("SELECT * FROM BlobStorage"), Headers{{"x-ms-range", "bytes=2-4"}});

    EXPECT_EQ(response.status, 206);
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes 2-4/9");
    EXPECT_EQ(query::AvroReader{body_of(response)}.read().data, "22\n");
    auto const told = this->told("SELECT _2 FROM BlobStorage", {}, Headers{{"Range", "bytes=2-4"}});
    EXPECT_EQ(told.errors.at(0).position, 2U);
    EXPECT_EQ(post(document("SELECT * FROM BlobStorage"), Headers{{"x-ms-range", "bytes=9-"}}).status, 416);
}

TEST_F(QueryBlobContentsTest, ObeysConditions) {
    put("b", "1\n");
    EXPECT_EQ(post(document("SELECT * FROM BlobStorage"), Headers{{"If-Match", "\"0x1\""}}).status, 412);
    EXPECT_EQ(
        code_of(ask({Verb::post, "/con/none?comp=query", {}, document("SELECT * FROM BlobStorage")})),
        "BlobNotFound"
    );
    EXPECT_EQ(
        code_of(post(
            document("SELECT * FROM BlobStorage"),
            Headers{{"x-ms-lease-id", "0f8fad5b-d9cb-469f-a165-70867728950e"}}
        )),
        "LeaseNotPresentWithBlobOperation"
    );
}

TEST_F(QueryBlobContentsTest, ExplainsQueriesThatItCannotRun) {
    put("b", "1\n");
    auto const response = post(document("SELECT * FROM BlobStorage WHERE"));
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(code_of(response), "ErrorProcessingQueryExpression");
    EXPECT_THAT(detail_of(response, "Message"), testing::HasSubstr("ends too early"));
    auto const unknown = post(document("SELECT nobody FROM BlobStorage"));
    EXPECT_EQ(code_of(unknown), "ErrorProcessingQueryExpression");
    EXPECT_THAT(detail_of(unknown, "Message"), testing::HasSubstr("nobody"));
}

TEST_F(QueryBlobContentsTest, RefusesDocumentsThatAreNone) {
    put("b", "1\n");
    EXPECT_EQ(code_of(post("")), "InvalidXmlDocument");
    EXPECT_EQ(code_of(post("<Query/>")), "InvalidXmlDocument");
    EXPECT_EQ(
        code_of(post("<QueryRequest><QueryType>SQL</QueryType></QueryRequest>")), "MissingRequiredXmlNode"
    );
    EXPECT_EQ(
        code_of(post("<QueryRequest><QueryType>KQL</QueryType><Expression>x</Expression></QueryRequest>")),
        "InvalidXmlNodeValue"
    );
    auto const with_input = [&](std::string const& format) {
        return post(
            document("SELECT 1 FROM BlobStorage", "<InputSerialization>" + format + "</InputSerialization>")
        );
    };
    EXPECT_EQ(code_of(with_input("")), "MissingRequiredXmlNode");
    EXPECT_EQ(code_of(with_input("<Format><Type>yaml</Type></Format>")), "InvalidXmlNodeValue");
    EXPECT_EQ(code_of(with_input("<Format><Type>arrow</Type></Format>")), "InvalidXmlNodeValue");
    EXPECT_EQ(
        code_of(
            with_input("<Format><Type>delimited</Type><DelimitedTextConfiguration><FieldQuote>ab</FieldQuote>"
                       "</DelimitedTextConfiguration></Format>")
        ),
        "InvalidXmlNodeValue"
    );
}

TEST_F(QueryBlobContentsTest, NamesTheFormatsThatItLacks) {
    put("b", "1\n");
    auto const parquet = post(document(
        "SELECT 1 FROM BlobStorage",
        "<InputSerialization><Format><Type>parquet</Type></Format></InputSerialization>"
    ));
    EXPECT_EQ(parquet.status, 501);
    EXPECT_THAT(detail_of(parquet, "Message"), testing::HasSubstr("Parquet"));
    auto const arrow = post(document(
        "SELECT 1 FROM BlobStorage",
        "<OutputSerialization><Format><Type>arrow</Type></Format></OutputSerialization>"
    ));
    EXPECT_EQ(arrow.status, 501);
    EXPECT_THAT(detail_of(arrow, "Message"), testing::HasSubstr("Arrow"));
}

TEST_F(QueryBlobContentsTest, ReadsSnapshots) {
    put("b", "1\n");
    auto const made = ask({Verb::put, "/con/b?comp=snapshot"});
    ASSERT_EQ(made.status, 201);
    put("b", "2\n");

    auto const snapshot = http::percent_encode(made.headers.get("x-ms-snapshot"));
    auto const response =
        ask({Verb::post, "/con/b?comp=query&snapshot=" + snapshot, {}, document("SELECT * FROM BlobStorage")}
        );

    EXPECT_EQ(query::AvroReader{body_of(response)}.read().data, "1\n");
    EXPECT_EQ(told("SELECT * FROM BlobStorage").data, "2\n");
}

TEST_F(QueryBlobContentsTest, ReadsBlockBlobsOutOfTheArchiveOnly) {
    ASSERT_EQ(ask({Verb::put, "/con/log", Headers{{"x-ms-blob-type", "AppendBlob"}}}).status, 201);
    EXPECT_EQ(
        code_of(ask({Verb::post, "/con/log?comp=query", {}, document("SELECT * FROM BlobStorage")})),
        "InvalidBlobType"
    );
    put("b", "1\n");
    ASSERT_EQ(ask({Verb::put, "/con/b?comp=tier", Headers{{"x-ms-access-tier", "Archive"}}}).status, 200);
    EXPECT_EQ(code_of(post(document("SELECT * FROM BlobStorage"))), "BlobArchived");
}

TEST_F(QueryBlobContentsTest, NeedsThePermissionToRead) {
    put("b", "1\n");
    auto const with = [&](std::string const& permissions) {
        return ask_anonymously(
            {Verb::post,
             "/con/b?comp=query&" + service_sas(permissions),
             {},
             document("SELECT * FROM BlobStorage")}
        );
    };
    EXPECT_EQ(with("r").status, 200);
    EXPECT_EQ(with("w").status, 403);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
