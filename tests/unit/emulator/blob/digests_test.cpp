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

}  // namespace
}  // namespace bluebatch::emulator::blob
