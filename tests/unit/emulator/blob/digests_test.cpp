#include "shared/azure/structured_message.hpp"
#include "shared/base/crc64.hpp"
#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using http::Verb;

std::string crc64_of(std::string_view text) {
    return base::to_base64(base::crc64_bytes(base::crc64(text)));
}

std::string md5_of(std::string_view text) {
    return base::to_base64(std::span<std::uint8_t const>{base::md5(text)});
}

class DigestsTest : public BlobFixture {
protected:
    http::Response put_with(Headers headers, std::string const& body) {
        headers.set("x-ms-blob-type", "BlockBlob");
        return ask({Verb::put, "/con/b", std::move(headers), body});
    }
};

TEST_F(DigestsTest, TellWhatTheServiceReceived) {
    for (std::size_t const size : {0U, 5U, 100'000U, 2'000'000U}) {
        std::string const body(size, 'x');

        auto const response = put_with({}, body);

        EXPECT_EQ(response.headers.get("x-ms-content-crc64"), crc64_of(body)) << size;
        EXPECT_EQ(response.headers.get("Content-MD5"), md5_of(body)) << size;
    }
    auto const block = ask({Verb::put, "/con/b?comp=block&blockid=MQ==", {}, "abc"});
    EXPECT_EQ(block.headers.get("x-ms-content-crc64"), crc64_of("abc"));
    EXPECT_FALSE(block.headers.has("Content-MD5"));
}

TEST_F(DigestsTest, AreComparedWithTheBody) {
    EXPECT_EQ(put_with(Headers{{"x-ms-content-crc64", "peH8Xsgc5QI="}}, "Hello World!").status, 201);

    auto const wrong = put_with(Headers{{"x-ms-content-crc64", "AQIDBAUGBwg="}}, "Hello World!");

    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(code_of(wrong), "Crc64Mismatch");
    EXPECT_EQ(detail_of(wrong, "UserSpecifiedCrc"), "AQIDBAUGBwg=");
    EXPECT_EQ(detail_of(wrong, "ServerCalculatedCrc"), "peH8Xsgc5QI=");
    EXPECT_EQ(code_of(put_with(Headers{{"x-ms-content-crc64", "c2hvcnQ="}}, "x")), "InvalidCrc64");
    EXPECT_EQ(
        code_of(put_with(Headers{{"x-ms-content-crc64", crc64_of("x")}, {"Content-MD5", md5_of("x")}}, "x")),
        "BothCrc64AndMd5HeaderPresent"
    );
}

TEST_F(DigestsTest, AreComparedWithBlocksAndDocuments) {
    auto const put_to = [this](std::string const& query, std::string const& body, std::string const& sum) {
        return ask({Verb::put, "/con/b" + query, Headers{{"x-ms-content-crc64", sum}}, body});
    };
    std::string const list = "<BlockList><Latest>MQ==</Latest></BlockList>";

    EXPECT_EQ(code_of(put_to("?comp=block&blockid=MQ==", "abc", crc64_of("abd"))), "Crc64Mismatch");
    EXPECT_EQ(put_to("?comp=block&blockid=MQ==", "abc", crc64_of("abc")).status, 201);
    EXPECT_EQ(code_of(put_to("?comp=blocklist", list, crc64_of("abc"))), "Crc64Mismatch");
    auto const committed = put_to("?comp=blocklist", list, crc64_of(list));
    EXPECT_EQ(committed.status, 201);
    EXPECT_EQ(committed.headers.get("x-ms-content-crc64"), crc64_of(list));
}

TEST_F(DigestsTest, OfARangeAreComputed) {
    put("b", std::string(100'000, 'a') + "bcd");
    auto const get = [this](std::string const& range, std::string const& other = "false") {
        Headers headers{{"x-ms-range-get-content-crc64", "true"}, {"x-ms-range-get-content-md5", other}};
        if (!range.empty()) headers.set("Range", range);
        return ask({Verb::get, "/con/b", headers});
    };

    auto const response = get("bytes=99999-100001");

    EXPECT_EQ(response.headers.get("x-ms-content-crc64"), crc64_of("abc"));
    EXPECT_FALSE(response.headers.has("Content-MD5"));
    EXPECT_EQ(code_of(get("")), "InvalidHeaderValue");
    EXPECT_EQ(code_of(get("bytes=0-5", "true")), "BothCrc64AndMd5RangeHeaderPresent");
}

class StructuredBodyTest : public BlobFixture {
protected:
    static constexpr auto* kForm = "XSM/1.0; properties=crc64";

    static std::string message_of(std::string const& content) {
        return azure::structured_header(content.size()) +
               azure::structured_segment_header(1, content.size()) + content +
               base::crc64_bytes(base::crc64(content)) + base::crc64_bytes(base::crc64(content));
    }
    static std::string content_of(std::string message) {
        azure::StructuredMessageDecoder decoder;
        message.resize(decoder.take(message));
        EXPECT_EQ(decoder.fault(), azure::StructuredFault::none);
        return message;
    }
    http::Response put_message(
        std::string const& message, std::size_t length, std::string const& form = kForm
    ) {
        Headers const headers{
            {"x-ms-blob-type", "BlockBlob"},
            {"x-ms-structured-body", form},
            {"x-ms-structured-content-length", std::to_string(length)}};
        return ask({Verb::put, "/con/b", headers, message});
    }
    http::Response get_message(std::string const& range = {}) {
        Headers headers{{"x-ms-structured-body", kForm}};
        if (!range.empty()) headers.set("Range", range);
        return ask({Verb::get, "/con/b", headers});
    }
};

TEST_F(StructuredBodyTest, IsTakenOutOfItsFrame) {
    for (std::size_t const size : {0U, 10U, 100'000U, 3'000'000U}) {
        std::string const content(size, 'c');

        auto const response = put_message(message_of(content), size);

        EXPECT_EQ(response.status, 201) << response.text;
        EXPECT_EQ(response.headers.get("x-ms-structured-body"), kForm);
        EXPECT_EQ(response.headers.get("x-ms-content-crc64"), crc64_of(content));
        EXPECT_TRUE(body_of(ask({Verb::get, "/con/b"})) == content) << size;
    }
}

TEST_F(StructuredBodyTest, IsCheckedByItsFrame) {
    auto message = message_of("content");
    EXPECT_EQ(code_of(put_message(message, 8)), "InvalidHeaderValue");
    EXPECT_EQ(code_of(put_message(message, 7, "XSM/2.0")), "InvalidHeaderValue");
    EXPECT_EQ(code_of(put_message("content", 7)), "InvalidInput");
    message[25] = 'X';
    EXPECT_EQ(code_of(put_message(message, 7)), "Crc64Mismatch");
    EXPECT_EQ(ask({Verb::get, "/con/b"}).status, 404);
    Headers const headers{{"x-ms-structured-body", kForm}};
    EXPECT_EQ(ask({Verb::put, "/con/b?comp=metadata", headers}).status, 501);
}

TEST_F(StructuredBodyTest, IsAnsweredInAFrame) {
    for (std::size_t const size : {0U, 10U, 65'536U, 65'537U, 4'194'304U, 9'000'000U}) {
        std::string content(size, 'c');
        for (std::size_t i = 0; i < size; i += 997)
            content[i] = static_cast<char>('a' + i % 26);
        put("b", content);

        auto const response = get_message();

        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.headers.get("x-ms-structured-body"), kForm);
        EXPECT_EQ(response.headers.get("x-ms-structured-content-length"), std::to_string(size));
        EXPECT_EQ(response.body_size(), azure::structured_size(size));
        EXPECT_TRUE(content_of(body_of(response)) == content) << size;
    }
    EXPECT_EQ(content_of(body_of(get_message("bytes=8999990-"))).size(), 10U);
    EXPECT_EQ(content_of(body_of(get_message("bytes=100-8999999"))).size(), 8'999'900U);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
