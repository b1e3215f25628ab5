#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

class AppendTest : public BlobFixture {
protected:
    void SetUp() override {
        BlobFixture::SetUp();
        auto const made = ask({http::Verb::put, "/con/b", Headers{{"x-ms-blob-type", "AppendBlob"}}});
        ASSERT_EQ(made.status, 201) << made.text;
    }
    http::Response append(std::string const& body, Headers headers = {}) {
        return ask({http::Verb::put, "/con/b?comp=appendblock", std::move(headers), body});
    }
    http::Response seal(Headers headers = {}) {
        return ask({http::Verb::put, "/con/b?comp=seal", std::move(headers)});
    }
    std::string read(std::string const& name) { return body_of(ask({get, "/con/" + name})); }
    http::Response properties(std::string const& name) { return ask({head, "/con/" + name}); }
};

TEST_F(AppendTest, BlocksFollowOneAnother) {
    auto const first = append("one ");
    auto const second = append(std::string(40'000, 'x'));
    auto const third = append("three");

    EXPECT_EQ(first.status, 201) << first.text;
    EXPECT_EQ(first.headers.get("x-ms-blob-append-offset"), "0");
    EXPECT_EQ(third.headers.get("x-ms-blob-append-offset"), "40004");
    EXPECT_EQ(third.headers.get("x-ms-blob-committed-block-count"), "3");
    EXPECT_TRUE(third.headers.has("x-ms-content-crc64"));
    EXPECT_NE(second.headers.get("ETag"), third.headers.get("ETag"));
    EXPECT_EQ(read("b"), "one " + std::string(40'000, 'x') + "three");
    EXPECT_EQ(properties("b").headers.get("x-ms-blob-committed-block-count"), "3");
    EXPECT_EQ(properties("b").headers.get("x-ms-blob-type"), "AppendBlob");
    EXPECT_FALSE(properties("b").headers.has("x-ms-blob-sealed"));
}

TEST_F(AppendTest, ABlobBeginsEmptyAndABlockDoesNot) {
    Headers const headers{{"x-ms-blob-type", "AppendBlob"}};
    EXPECT_EQ(code_of(ask({http::Verb::put, "/con/c", headers, "x"})), "InvalidHeaderValue");
    EXPECT_EQ(code_of(append("")), "InvalidHeaderValue");
    put("block", "x");
    EXPECT_EQ(code_of(ask({http::Verb::put, "/con/block?comp=appendblock", {}, "x"})), "InvalidBlobType");
    EXPECT_EQ(code_of(ask({http::Verb::put, "/con/none?comp=appendblock", {}, "x"})), "BlobNotFound");
    EXPECT_EQ(
        code_of(ask({http::Verb::put, "/con/b?comp=block&blockid=MDE%3D", {}, "x"})), "InvalidBlobType"
    );
}

TEST_F(AppendTest, ItsPositionAndSizeAreConditions) {
    append("12345");

    EXPECT_EQ(
        code_of(append("6", Headers{{"x-ms-blob-condition-appendpos", "4"}})), "AppendPositionConditionNotMet"
    );
    EXPECT_EQ(
        code_of(append("67", Headers{{"x-ms-blob-condition-maxsize", "6"}})), "MaxBlobSizeConditionNotMet"
    );
    EXPECT_EQ(code_of(append("6", Headers{{"x-ms-blob-condition-maxsize", "large"}})), "InvalidHeaderValue");
    Headers const met{{"x-ms-blob-condition-appendpos", "5"}, {"x-ms-blob-condition-maxsize", "6"}};
    EXPECT_EQ(append("6", met).status, 201);
    EXPECT_EQ(code_of(append("7", Headers{{"If-Match", "\"0x1\""}})), "ConditionNotMet");
    EXPECT_EQ(code_of(append("7", Headers{{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}})), "Md5Mismatch");
    EXPECT_EQ(read("b"), "123456");
}

TEST_F(AppendTest, OlderVersionsAppendSmallerBlocks) {
    std::string const body((4 << 20) + 1, 'x');
    auto const refused = append(body, Headers{{"x-ms-version", "2022-10-31"}});
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(code_of(refused), "RequestBodyTooLarge");
    EXPECT_EQ(detail_of(refused, "MaxLimit"), "4194304");
    EXPECT_EQ(append(body, Headers{{"x-ms-version", "2022-11-02"}}).status, 201);
}

TEST_F(AppendTest, ASealedBlobTakesNoMore) {
    append("one");

    EXPECT_EQ(
        code_of(seal(Headers{{"x-ms-blob-condition-appendpos", "2"}})), "AppendPositionConditionNotMet"
    );
    auto const sealed = seal(Headers{{"x-ms-blob-condition-appendpos", "3"}});
    EXPECT_EQ(sealed.status, 200);
    EXPECT_EQ(sealed.headers.get("x-ms-blob-sealed"), "true");
    EXPECT_EQ(seal().status, 200);
    EXPECT_EQ(append("two").status, 409);
    EXPECT_EQ(code_of(append("two")), "BlobIsSealed");
    EXPECT_EQ(read("b"), "one");
    EXPECT_EQ(properties("b").headers.get("x-ms-blob-sealed"), "true");
    EXPECT_EQ(ask({get, "/con/b"}).headers.get("x-ms-blob-sealed"), "true");
    EXPECT_NE(
        ask({get, "/con?restype=container&comp=list"}).text.find("<Sealed>true</Sealed>"), std::string::npos
    );
    put("block", "x");
    EXPECT_EQ(code_of(ask({http::Verb::put, "/con/block?comp=seal"})), "InvalidBlobType");
}

TEST_F(AppendTest, ACopyIsSealedAsItsSourceUnlessItIsSaid) {
    append("one");
    auto const copy = [&](std::string const& name, std::string const& seal_blob = {}) {
        Headers headers{{"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b"}};
        if (!seal_blob.empty()) headers.set("x-ms-seal-blob", seal_blob);
        EXPECT_EQ(ask({http::Verb::put, "/con/" + name, headers}).status, 202);
        return std::string{properties(name).headers.get("x-ms-blob-sealed")};
    };
    EXPECT_EQ(copy("open"), "");
    EXPECT_EQ(copy("sealed", "true"), "true");
    seal();
    EXPECT_EQ(copy("again"), "true");
    EXPECT_EQ(copy("opened", "false"), "");
    EXPECT_EQ(ask({http::Verb::put, "/con/opened?comp=appendblock", {}, " two"}).status, 201);
    EXPECT_EQ(read("opened"), "one two");
    EXPECT_EQ(read("b"), "one");
    EXPECT_EQ(properties("opened").headers.get("x-ms-blob-committed-block-count"), "2");
}

TEST_F(AppendTest, ASnapshotStaysAsItWas) {
    append("one");
    auto const made = ask({http::Verb::put, "/con/b?comp=snapshot"});
    append(" two");

    EXPECT_EQ(read("b?snapshot=" + std::string{made.headers.get("x-ms-snapshot")}), "one");
    EXPECT_EQ(read("b"), "one two");
}

TEST_F(AppendTest, ALeaseGuardsTheEnd) {
    Headers const acquire{{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "-1"}};
    auto const leased = ask({http::Verb::put, "/con/b?comp=lease", acquire});
    EXPECT_EQ(code_of(append("x")), "LeaseIdMissing");
    EXPECT_EQ(code_of(seal()), "LeaseIdMissing");
    std::string const id{leased.headers.get("x-ms-lease-id")};
    EXPECT_EQ(append("x", Headers{{"x-ms-lease-id", id}}).status, 201);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
