#include "shared/base/crc64.hpp"
#include "tests/unit/emulator/blob/copy_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// Whatever reads a URL before it answers.
class FromUrlTest : public CopyFixture {};

TEST_F(FromUrlTest, ACopyAtOnceIsThereWithItsAnswer) {
    elsewhere_->put("/file", {.body = std::string(200'000, 'f'), .headers = {{"Content-Type", "text/x"}}});
    put("b", "own");

    auto const foreign = copy_at_once(kFile);
    EXPECT_EQ(foreign.status, 202) << foreign.text;
    EXPECT_EQ(foreign.headers.get("x-ms-copy-status"), "success");
    EXPECT_EQ(read("copy"), std::string(200'000, 'f'));
    EXPECT_EQ(property("Content-Type"), "text/x");
    EXPECT_EQ(property("x-ms-copy-id"), foreign.headers.get("x-ms-copy-id"));

    auto const own_copy = copy_at_once(own("b"));
    EXPECT_EQ(own_copy.headers.get("x-ms-copy-status"), "success");
    EXPECT_EQ(own_copy.headers.get("Content-MD5"), property("Content-MD5", "b"));
    EXPECT_EQ(read("copy"), "own");

    auto const wrong = base::to_base64(std::string(16, 'x'));
    EXPECT_EQ(code_of(copy_at_once(own("b"), Headers{{"x-ms-source-content-md5", wrong}})), "Md5Mismatch");
    EXPECT_EQ(code_of(copy_at_once(kFile, Headers{{"x-ms-source-content-md5", wrong}})), "Md5Mismatch");
}

TEST_F(FromUrlTest, ABlobPutFromAUrlHasTheSourcesHeadersIfTheyAreWanted) {
    elsewhere_->put(
        "/file", {.body = "abc", .headers = {{"Content-Type", "text/x"}, {"Cache-Control", "no-store"}}}
    );

    auto const made = put_from(kFile, Headers{{"x-ms-blob-cache-control", "private"}, {"x-ms-meta-a", "1"}});
    EXPECT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(made.headers.get("Content-MD5"), "kAFQmDzST7DWlj99KOF/cg==");
    EXPECT_EQ(read("copy"), "abc");
    EXPECT_EQ(property("Content-Type"), "text/x");
    EXPECT_EQ(property("Cache-Control"), "private");
    EXPECT_EQ(property("x-ms-meta-a"), "1");
    EXPECT_EQ(property("x-ms-copy-id"), "");

    EXPECT_EQ(put_from(kFile, Headers{{"x-ms-copy-source-blob-properties", "false"}}).status, 201);
    EXPECT_EQ(property("Content-Type"), "application/octet-stream");
    EXPECT_EQ(property("Cache-Control"), "");
    EXPECT_EQ(
        code_of(put_from(kFile, Headers{{"x-ms-copy-source-blob-properties", "maybe"}})), "InvalidHeaderValue"
    );
}

TEST_F(FromUrlTest, ABlobPutFromOurOwnUrlIsACopyOfItsBytes) {
    put("b", std::string(200'000, 'b'));
    EXPECT_EQ(put_from(own("b")).status, 201);
    EXPECT_EQ(read("copy"), std::string(200'000, 'b'));
    EXPECT_EQ(property("Content-MD5"), property("Content-MD5", "b"));
    EXPECT_EQ(put_from(own("none")).status, 404);
    EXPECT_EQ(code_of(put_from(own("none"))), "CannotVerifyCopySource");
}

TEST_F(FromUrlTest, BlocksComeFromRangesOfUrls) {
    elsewhere_->put("/file", {.body = "0123456789"});
    put("b", "abcdefghij");
    auto const commit = [&] {
        return ask({put_verb, "/con/copy?comp=blocklist", {}, "<BlockList><Latest>MDE=</Latest></BlockList>"})
            .status;
    };

    auto const block = put_block_from(kFile, Headers{{"x-ms-source-range", "bytes=2-4"}});
    EXPECT_EQ(block.status, 201) << block.text;
    EXPECT_EQ(block.headers.get("x-ms-content-crc64"), base::to_base64(base::crc64_bytes([] {
                  base::Crc64 digest;
                  digest.update(std::string_view{"234"});
                  return digest.value();
              }())));
    EXPECT_EQ(commit(), 201);
    EXPECT_EQ(read("copy"), "234");

    EXPECT_EQ(put_block_from(own("b"), Headers{{"x-ms-source-range", "bytes=0-1"}}).status, 201);
    EXPECT_EQ(commit(), 201);
    EXPECT_EQ(read("copy"), "ab");

    auto const behind = put_block_from(own("b"), Headers{{"x-ms-source-range", "bytes=10-11"}});
    EXPECT_EQ(behind.status, 416);
    EXPECT_EQ(put_block_from(kFile, Headers{{"x-ms-source-range", "bytes=10-11"}}).status, 416);
    auto const wrong = base::to_base64(std::string(8, 'x'));
    EXPECT_EQ(
        code_of(put_block_from(own("b"), Headers{{"x-ms-source-content-crc64", wrong}})), "Crc64Mismatch"
    );
    EXPECT_EQ(
        code_of(put_block_from(own("b"), Headers{{"x-ms-source-if-match", "\"0x1\""}})),
        "SourceConditionNotMet"
    );
}

TEST_F(FromUrlTest, BlocksAreAppendedFromUrls) {
    elsewhere_->put("/file", {.body = "0123456789"});
    put("b", "abcdefghij");
    ask({put_verb, "/con/log", Headers{{"x-ms-blob-type", "AppendBlob"}}});
    auto const append = [&](std::string const& url, Headers headers) {
        headers.set("x-ms-copy-source", url);
        return ask({put_verb, "/con/log?comp=appendblock", std::move(headers)});
    };

    auto const first = append(kFile, Headers{{"x-ms-source-range", "bytes=0-2"}});
    EXPECT_EQ(first.status, 201) << first.text;
    EXPECT_EQ(first.headers.get("x-ms-blob-append-offset"), "0");
    auto const second = append(own("b"), Headers{{"x-ms-blob-condition-appendpos", "3"}});
    EXPECT_EQ(second.headers.get("x-ms-blob-append-offset"), "3");
    EXPECT_EQ(second.headers.get("x-ms-blob-committed-block-count"), "2");
    EXPECT_EQ(read("log"), "012abcdefghij");
    EXPECT_EQ(
        code_of(append(own("b"), Headers{{"x-ms-blob-condition-appendpos", "3"}})),
        "AppendPositionConditionNotMet"
    );
    put("large", std::string((4 << 20) + 1, 'x'));
    auto const large = append(own("large"), {});
    EXPECT_EQ(large.status, 409);
    EXPECT_EQ(code_of(large), "CannotVerifyCopySource");
}

TEST_F(FromUrlTest, PagesAreWrittenFromUrls) {
    elsewhere_->put("/file", {.body = std::string(512, 'a') + std::string(512, 'b')});
    ask({put_verb, "/con/disk", Headers{{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "1024"}}}
    );
    auto const write = [&](Headers headers) {
        headers.set("x-ms-copy-source", kFile);
        headers.set("x-ms-range", "bytes=0-511");
        return ask({put_verb, "/con/disk?comp=page", std::move(headers)});
    };

    auto const written =
        write(Headers{{"x-ms-page-write", "update"}, {"x-ms-source-range", "bytes=512-1023"}});
    EXPECT_EQ(written.status, 201) << written.text;
    EXPECT_EQ(written.headers.get("x-ms-blob-sequence-number"), "0");
    EXPECT_EQ(read("disk"), std::string(512, 'b') + std::string(512, '\0'));
    EXPECT_EQ(code_of(write(Headers{{"x-ms-page-write", "update"}})), "MissingRequiredHeader");
    auto const shorter = write(Headers{{"x-ms-page-write", "update"}, {"x-ms-source-range", "bytes=0-99"}});
    EXPECT_EQ(shorter.status, 400);
    EXPECT_EQ(
        code_of(write(Headers{{"x-ms-page-write", "clear"}, {"x-ms-source-range", "bytes=0-511"}})),
        "InvalidHeaderValue"
    );
}

TEST_F(FromUrlTest, AWriteOfHeadersForgetsTheCopy) {
    put("b", "x");
    copy(own("b"));
    EXPECT_EQ(property("x-ms-copy-status"), "success");
    ask({put_verb, "/con/copy?comp=properties", Headers{{"x-ms-blob-content-type", "text/x"}}});
    EXPECT_EQ(property("x-ms-copy-status"), "");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
