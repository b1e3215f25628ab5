#include "tests/unit/emulator/blob/page_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using enum http::Verb;

class PagesTest : public PageFixture {};

TEST_F(PagesTest, ANewPageBlobReadsAsZeros) {
    put_pages_blob("b", 2 * kPage, 7);

    EXPECT_EQ(read("b"), std::string(2 * kPage, '\0'));
    EXPECT_EQ(list("b"), "");
    auto const response = ask({head, "/con/b"});
    EXPECT_EQ(response.headers.get("x-ms-blob-type"), "PageBlob");
    EXPECT_EQ(response.headers.get("x-ms-blob-sequence-number"), "7");
    EXPECT_EQ(response.content_length, 2 * kPage);
    EXPECT_FALSE(response.headers.has("x-ms-access-tier"));
    auto const page = ask({get, "/con?restype=container&comp=list"});
    EXPECT_NE(page.text.find("<x-ms-blob-sequence-number>7</x-ms-blob-sequence-number>"), std::string::npos);
}

TEST_F(PagesTest, ItsSizeIsAskedForInWholePages) {
    auto const put_with = [&](Headers headers, std::string const& body = {}) {
        headers.set("x-ms-blob-type", "PageBlob");
        return code_of(ask({http::Verb::put, "/con/b", std::move(headers), body}));
    };
    EXPECT_EQ(put_with({}), "MissingRequiredHeader");
    EXPECT_EQ(put_with(Headers{{"x-ms-blob-content-length", "513"}}), "InvalidHeaderValue");
    EXPECT_EQ(put_with(Headers{{"x-ms-blob-content-length", "-512"}}), "InvalidHeaderValue");
    EXPECT_EQ(put_with(Headers{{"x-ms-blob-content-length", "8796093022720"}}), "InvalidHeaderValue");
    EXPECT_EQ(put_with(Headers{{"x-ms-blob-content-length", "512"}}, "x"), "InvalidHeaderValue");
    EXPECT_EQ(put_with(Headers{{"x-ms-blob-content-length", "8796093022208"}}), "");
    EXPECT_EQ(
        put_with(Headers{{"x-ms-blob-content-length", "512"}, {"x-ms-access-tier", "P10"}}),
        "BlobAccessTierNotSupportedForAccountType"
    );
}

TEST_F(PagesTest, PagesAreWrittenAndCleared) {
    put_pages_blob("b", 8 * kPage);
    auto const written = write("b", kPage, std::string(3 * kPage, 'x'));

    EXPECT_EQ(written.status, 201) << written.text;
    EXPECT_EQ(written.headers.get("x-ms-blob-sequence-number"), "0");
    EXPECT_TRUE(written.headers.has("x-ms-content-crc64"));
    EXPECT_EQ(clear("b", 2 * kPage, kPage).status, 201);
    EXPECT_EQ(
        read("b"),
        std::string(kPage, '\0') + std::string(kPage, 'x') + std::string(kPage, '\0') +
            std::string(kPage, 'x') + std::string(4 * kPage, '\0')
    );
    EXPECT_EQ(list("b"), "512-1023 1536-2047");
    write("b", 2 * kPage, std::string(kPage, 'y'));
    EXPECT_EQ(list("b"), "512-2047");
}

TEST_F(PagesTest, LargeWritesAreTakenToo) {
    put_pages_blob("b", 8 << 20);
    EXPECT_EQ(write("b", 0, std::string(4 << 20, 'x')).status, 201);
    EXPECT_EQ(clear("b", 1 << 20, 6 << 20).status, 201);
    EXPECT_EQ(list("b"), "0-1048575");
    EXPECT_EQ(read("b"), std::string(1 << 20, 'x') + std::string(7 << 20, '\0'));
    EXPECT_EQ(code_of(write("b", 0, std::string((4 << 20) + kPage, 'x'))), "RequestBodyTooLarge");
}

TEST_F(PagesTest, WritesThatCannotBeAreRefused) {
    put_pages_blob("b", 4 * kPage);
    put("block", "x");
    auto const page = std::string(kPage, 'x');

    EXPECT_EQ(code_of(write("b", 4 * kPage, page)), "InvalidPageRange");
    EXPECT_EQ(code_of(clear("b", 3 * kPage, 2 * kPage)), "InvalidPageRange");
    EXPECT_EQ(code_of(write("b", 1, page)), "InvalidPageRange");
    EXPECT_EQ(code_of(write("block", 0, page)), "InvalidBlobType");
    EXPECT_EQ(code_of(write("none", 0, page)), "BlobNotFound");
    EXPECT_EQ(list("block"), "InvalidBlobType");
    auto const put_with = [&](Headers headers, std::string const& body) {
        return code_of(ask({http::Verb::put, "/con/b?comp=page", std::move(headers), body}));
    };
    EXPECT_EQ(put_with(Headers{{"x-ms-page-write", "update"}}, page), "MissingRequiredHeader");
    EXPECT_EQ(put_with(Headers{{"Range", "bytes=0-511"}}, page), "MissingRequiredHeader");
    EXPECT_EQ(
        put_with(Headers{{"x-ms-page-write", "update"}, {"Range", "bytes=0-1023"}}, page),
        "InvalidHeaderValue"
    );
    EXPECT_EQ(
        put_with(Headers{{"x-ms-page-write", "clear"}, {"Range", "bytes=0-511"}}, page), "InvalidHeaderValue"
    );
    EXPECT_EQ(
        put_with(
            Headers{{"x-ms-page-write", "update"}, {"Range", "bytes=0-511"}, {"If-Match", "\"0x1\""}}, page
        ),
        "ConditionNotMet"
    );
    EXPECT_EQ(
        code_of(write("b", 0, page, Headers{{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="}})), "Md5Mismatch"
    );
    EXPECT_EQ(read("b"), std::string(4 * kPage, '\0'));
}

TEST_F(PagesTest, SequenceNumbersGuardWrites) {
    put_pages_blob("b", kPage, 5);
    auto const page = std::string(kPage, 'x');
    auto const fault = [&](std::string const& name, std::string const& number) {
        return code_of(write("b", 0, page, Headers{{"x-ms-if-sequence-number-" + name, number}}));
    };
    EXPECT_EQ(fault("le", "5"), "");
    EXPECT_EQ(fault("le", "4"), "SequenceNumberConditionNotMet");
    EXPECT_EQ(fault("lt", "5"), "SequenceNumberConditionNotMet");
    EXPECT_EQ(fault("lt", "6"), "");
    EXPECT_EQ(fault("eq", "5"), "");
    EXPECT_EQ(fault("eq", "6"), "SequenceNumberConditionNotMet");
    EXPECT_EQ(fault("eq", "five"), "InvalidHeaderValue");
    EXPECT_EQ(clear("b", 0, kPage, Headers{{"x-ms-if-sequence-number-eq", "4"}}).status, 412);
}

TEST_F(PagesTest, SequenceNumbersAreChangedByAction) {
    put_pages_blob("b", kPage, 5);
    auto const change = [&](std::string const& action, std::string const& number) {
        Headers headers{{"x-ms-sequence-number-action", action}};
        if (!number.empty()) headers.set("x-ms-blob-sequence-number", number);
        auto const response = set_properties("b", std::move(headers));
        return response.status == 200 ? std::string{response.headers.get("x-ms-blob-sequence-number")}
                                      : code_of(response);
    };
    EXPECT_EQ(change("max", "3"), "5");
    EXPECT_EQ(change("max", "9"), "9");
    EXPECT_EQ(change("update", "2"), "2");
    EXPECT_EQ(change("increment", ""), "3");
    EXPECT_EQ(change("increment", "1"), "InvalidHeaderValue");
    EXPECT_EQ(change("update", ""), "MissingRequiredHeader");
    EXPECT_EQ(change("lower", "1"), "InvalidHeaderValue");
    EXPECT_EQ(change("update", "9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(change("increment", ""), "SequenceNumberIncrementTooLarge");
}

TEST_F(PagesTest, ABlobIsResizedAndKeepsItsOtherProperties) {
    put_pages_blob("b", 4 * kPage);
    set_properties("b", Headers{{"x-ms-blob-content-type", "image/vhd"}});
    write("b", 0, std::string(4 * kPage, 'x'));

    EXPECT_EQ(set_properties("b", Headers{{"x-ms-blob-content-length", "512"}}).status, 200);
    EXPECT_EQ(read("b"), std::string(kPage, 'x'));
    EXPECT_EQ(set_properties("b", Headers{{"x-ms-blob-content-length", "1024"}}).status, 200);
    EXPECT_EQ(read("b"), std::string(kPage, 'x') + std::string(kPage, '\0'));
    EXPECT_EQ(list("b"), "0-511");
    EXPECT_EQ(ask({head, "/con/b"}).headers.get("Content-Type"), "image/vhd");
    put("block", "x");
    EXPECT_EQ(
        code_of(set_properties("block", Headers{{"x-ms-blob-content-length", "512"}})), "InvalidBlobType"
    );
}

TEST_F(PagesTest, TheListOfPagesKeepsToARangeAndComesInPages) {
    put_pages_blob("b", 100 * kPage);
    for (std::uint64_t i = 0; i < 5; ++i)
        write("b", 10 * i * kPage, std::string(2 * kPage, 'x'));

    auto const all = "0-1023 5120-6143 10240-11263 15360-16383 20480-21503";
    EXPECT_EQ(list("b"), all);
    EXPECT_EQ(list("b", {}, 1), all);
    EXPECT_EQ(list("b", {}, 2), all);
    EXPECT_EQ(list("b", {}, 5), all);
    EXPECT_EQ(list("b", "bytes=600-5200"), "512-1023 5120-5631");
    EXPECT_EQ(list("b", "bytes=6144-10239"), "");
    EXPECT_EQ(list("b", "bytes=51200-"), "InvalidRange");
    EXPECT_EQ(ask({get, "/con/b?comp=pagelist&maxresults=0"}).status, 400);
    EXPECT_EQ(ask({get, "/con/b?comp=pagelist&marker=next"}).status, 400);
    EXPECT_EQ(ask({get, "/con/b?comp=pagelist"}).headers.get("x-ms-blob-content-length"), "51200");
}

TEST_F(PagesTest, DifferencesFromASnapshotAreListed) {
    put_pages_blob("b", 10 * kPage);
    write("b", 0, std::string(4 * kPage, 'x'));
    auto const first = snapshot("b");
    write("b", kPage, std::string(kPage, 'y'));
    clear("b", 2 * kPage, 3 * kPage);
    write("b", 8 * kPage, std::string(kPage, 'z'));
    auto const second = snapshot("b");
    write("b", 0, std::string(kPage, 'y'));

    EXPECT_EQ(list("b?prevsnapshot=" + first), "0-1023 -1024-2047 4096-4607");
    EXPECT_EQ(list("b?snapshot=" + second + "&prevsnapshot=" + first), "512-1023 -1024-2047 4096-4607");
    EXPECT_EQ(
        list("b?snapshot=" + second + "&prevsnapshot=" + first, {}, 1), "512-1023 -1024-2047 4096-4607"
    );
    EXPECT_EQ(list("b?prevsnapshot=" + second), "0-511");
    EXPECT_EQ(list("b?snapshot=" + first), "0-2047");
    EXPECT_EQ(read("b?snapshot=" + first), std::string(4 * kPage, 'x') + std::string(6 * kPage, '\0'));
}

TEST_F(PagesTest, DifferencesThatCannotBeToldAreRefused) {
    put_pages_blob("b", kPage);
    auto const first = snapshot("b");
    auto const second = snapshot("b");

    EXPECT_EQ(list("b?snapshot=" + first + "&prevsnapshot=" + second), "PreviousSnapshotCannotBeNewer");
    EXPECT_EQ(list("b?prevsnapshot=2011-03-09T01:42:34.9360000Z"), "PreviousSnapshotNotFound");
    EXPECT_EQ(list("b?prevsnapshot=yesterday"), "InvalidQueryParameterValue");
    EXPECT_EQ(
        code_of(ask(
            {get, "/con/b?comp=pagelist", Headers{{"x-ms-previous-snapshot-url", "http://127.0.0.1/acc/b"}}}
        )),
        "PreviousSnapshotOperationNotSupported"
    );
    put_pages_blob("b", kPage);
    EXPECT_EQ(list("b?prevsnapshot=" + second), "BlobOverwritten");
}

TEST_F(PagesTest, ACopyHasThePagesAndItsOwnWrites) {
    put_pages_blob("b", 4 * kPage, 3);
    write("b", kPage, std::string(kPage, 'x'));
    Headers const headers{{"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b"}};
    EXPECT_EQ(ask({http::Verb::put, "/con/copy", headers}).status, 202);
    write("b", 0, std::string(kPage, 'y'));

    EXPECT_EQ(list("copy"), "512-1023");
    write("copy", 3 * kPage, std::string(kPage, 'z'));
    EXPECT_EQ(list("copy"), "512-1023 1536-2047");
    EXPECT_EQ(list("b"), "0-1023");
    auto const response = ask({head, "/con/copy"});
    EXPECT_EQ(response.headers.get("x-ms-blob-type"), "PageBlob");
    EXPECT_EQ(response.headers.get("x-ms-blob-sequence-number"), "3");
}

TEST_F(PagesTest, ALeaseGuardsThePages) {
    put_pages_blob("b", kPage);
    auto const leased = ask(
        {http::Verb::put,
         "/con/b?comp=lease",
         Headers{{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "-1"}}}
    );
    std::string const id{leased.headers.get("x-ms-lease-id")};
    EXPECT_EQ(code_of(write("b", 0, std::string(kPage, 'x'))), "LeaseIdMissing");
    EXPECT_EQ(write("b", 0, std::string(kPage, 'x'), Headers{{"x-ms-lease-id", id}}).status, 201);
    EXPECT_EQ(code_of(set_properties("b", Headers{{"x-ms-blob-content-length", "0"}})), "LeaseIdMissing");
}

TEST_F(PagesTest, TiersAreNotForPageBlobsOfAStandardAccount) {
    put_pages_blob("b", kPage);
    auto const set_tier = [&](std::string const& tier) {
        return code_of(ask({http::Verb::put, "/con/b?comp=tier", Headers{{"x-ms-access-tier", tier}}}));
    };
    EXPECT_EQ(set_tier("P10"), "BlobAccessTierNotSupportedForAccountType");
    EXPECT_EQ(set_tier("Hot"), "InvalidBlobType");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
