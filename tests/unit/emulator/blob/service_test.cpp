#include "emulator/blob/service.hpp"

#include "shared/codec/xml.hpp"
#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using http::Verb;

class BlobServiceTest : public BlobFixture {
protected:
    http::Response get(std::string const& name, Headers headers = {}) {
        return ask({Verb::get, "/con/" + name, std::move(headers)});
    }
    http::Response put_block(std::string const& id, std::string const& body, std::string const& name = "b") {
        return ask({Verb::put, "/con/" + name + "?comp=block&blockid=" + http::percent_encode(id), {}, body});
    }
    http::Response commit(std::string const& list, std::string const& name = "b") {
        return ask({Verb::put, "/con/" + name + "?comp=blocklist", {}, "<BlockList>" + list + "</BlockList>"}
        );
    }
};

TEST_F(BlobServiceTest, SaysWhoItIsInEveryAnswer) {
    auto const response = ask(
        {Verb::get, "/con/none", Headers{{"x-ms-client-request-id", "my-id"}, {"x-ms-version", "2031-01-01"}}}
    );

    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.headers.get("x-ms-version"), "2031-01-01");
    EXPECT_EQ(response.headers.get("x-ms-client-request-id"), "my-id");
    EXPECT_EQ(response.headers.get("x-ms-error-code"), "BlobNotFound");
    EXPECT_EQ(response.headers.get("Content-Type"), "application/xml");
    EXPECT_TRUE(response.headers.get("Server").starts_with("Windows-Azure-Blob/1.0"));
    auto const id = std::string{response.headers.get("x-ms-request-id")};
    EXPECT_EQ(id.size(), 36U);
    EXPECT_NE(detail_of(response, "Message").find("RequestId:" + id), std::string::npos);
}

TEST_F(BlobServiceTest, RefusesAVersionThatIsNone) {
    EXPECT_EQ(code_of(ask({Verb::get, "/con/b", Headers{{"x-ms-version", "latest"}}})), "InvalidHeaderValue");
}

TEST_F(BlobServiceTest, GivesBackWhatWasPut) {
    for (std::size_t const size : {0U, 1U, 16384U, 16385U, 65536U, 65537U, 300'000U}) {
        std::string body(size, 'x');
        for (std::size_t i = 0; i < size; i += 1000)
            body[i] = static_cast<char>('a' + i / 1000 % 26);
        put("b", body);

        auto const response = get("b");

        EXPECT_EQ(body_of(response), body) << size;
        EXPECT_EQ(response.body_size(), size);
        EXPECT_EQ(
            response.headers.get("Content-MD5"),
            base::to_base64(std::span<std::uint8_t const>{base::md5(body)})
        );
    }
}

TEST_F(BlobServiceTest, AnswersRanges) {
    put("b", "0123456789");

    auto const part = get("b", Headers{{"Range", "bytes=2-4"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(body_of(part), "234");
    EXPECT_EQ(part.headers.get("Content-Range"), "bytes 2-4/10");
    EXPECT_FALSE(part.headers.has("Content-MD5"));
    EXPECT_TRUE(part.headers.has("x-ms-blob-content-md5"));
    EXPECT_EQ(body_of(get("b", Headers{{"Range", "bytes=0-0"}, {"x-ms-range", "bytes=-3"}})), "789");
    EXPECT_EQ(get("b", Headers{{"Range", "bytes=10-"}}).status, 416);
    EXPECT_EQ(code_of(get("b", Headers{{"Range", "bytes=10-"}})), "InvalidRange");
    EXPECT_EQ(get("b", Headers{{"Range", "bytes=10-"}}).headers.get("Content-Range"), "bytes */10");
}

TEST_F(BlobServiceTest, ComputesTheMd5OfARange) {
    put("b", std::string(100'000, 'a') + "bcd");

    auto const response =
        get("b", Headers{{"Range", "bytes=99999-100001"}, {"x-ms-range-get-content-md5", "true"}});

    EXPECT_EQ(
        response.headers.get("Content-MD5"), base::to_base64(std::span<std::uint8_t const>{base::md5("abc")})
    );
    EXPECT_EQ(code_of(get("b", Headers{{"x-ms-range-get-content-md5", "true"}})), "InvalidHeaderValue");
}

TEST_F(BlobServiceTest, AnswersHeadWithTheLengthAndNoBody) {
    put("b", "0123456789");

    auto const response = ask({Verb::head, "/con/b"});

    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_length, 10U);
    EXPECT_EQ(response.headers.get("x-ms-blob-type"), "BlockBlob");
    EXPECT_EQ(response.headers.get("x-ms-access-tier"), "Hot");
    auto const missing = ask({Verb::head, "/con/none"});
    EXPECT_EQ(missing.text, "");
    EXPECT_EQ(code_of(missing), "BlobNotFound");
}

TEST_F(BlobServiceTest, AnswersMetadataWithoutTheBody) {
    ask({Verb::put, "/con/b", Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-meta-Key", "value"}}, "body"});

    auto const response = ask({Verb::get, "/con/b?comp=metadata"});

    EXPECT_EQ(response.headers.get("x-ms-meta-key"), "value");
    EXPECT_EQ(response.body_size(), 0U);
}

TEST_F(BlobServiceTest, GivesEveryWriteItsOwnEntityTag) {
    std::set<std::string> tags;
    for (int i = 0; i < 5; ++i) {
        put("b", "same moment");
        tags.emplace(get("b").headers.get("ETag"));
    }

    EXPECT_EQ(tags.size(), 5U);
    EXPECT_TRUE(tags.begin()->starts_with("\"0x8D"));
}

TEST_F(BlobServiceTest, RefusesABodyThatIsNotWhatItsMd5Says) {
    auto const put_with = [this](std::string const& md5) {
        Headers const headers{{"x-ms-blob-type", "BlockBlob"}, {"Content-MD5", md5}};
        return ask({Verb::put, "/con/b", headers, "body"});
    };

    EXPECT_EQ(put_with(base::to_base64(std::span<std::uint8_t const>{base::md5("body")})).status, 201);
    EXPECT_EQ(
        code_of(put_with(base::to_base64(std::span<std::uint8_t const>{base::md5("else")}))), "Md5Mismatch"
    );
    EXPECT_EQ(code_of(put_with("c2hvcnQ=")), "InvalidMd5");
}

TEST_F(BlobServiceTest, WantsTheBlobType) {
    EXPECT_EQ(code_of(ask({Verb::put, "/con/b", {}, "x"})), "MissingRequiredHeader");
    EXPECT_EQ(
        code_of(ask({Verb::put, "/con/b", Headers{{"x-ms-blob-type", "Blob"}}, "x"})), "InvalidHeaderValue"
    );
}

TEST_F(BlobServiceTest, ChecksConditionsOfWrites) {
    Headers const headers{{"x-ms-blob-type", "BlockBlob"}, {"If-None-Match", "*"}};
    EXPECT_EQ(ask({Verb::put, "/con/b", headers, "1"}).status, 201);

    auto const second = ask({Verb::put, "/con/b", headers, "2"});

    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(code_of(second), "BlobAlreadyExists");
    EXPECT_EQ(body_of(get("b")), "1");
}

TEST_F(BlobServiceTest, AnswersNotModifiedWithoutABody) {
    put("b", "x");
    auto const tag = std::string{get("b").headers.get("ETag")};

    auto const response = get("b", Headers{{"If-None-Match", tag}});

    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.text, "");
}

TEST_F(BlobServiceTest, CommitsBlocksInOrderAndMixesSmallAndLargeOnes) {
    std::string const large(200'000, 'L');
    EXPECT_EQ(put_block("MQ==", "one").status, 201);
    EXPECT_EQ(put_block("Mg==", large).status, 201);
    EXPECT_EQ(put_block("Mw==", "three").status, 201);

    auto const committed =
        commit("<Latest>Mw==</Latest><Uncommitted>Mg==</Uncommitted><Latest>MQ==</Latest>");

    EXPECT_EQ(committed.status, 201) << committed.text;
    EXPECT_EQ(body_of(get("b")), "three" + large + "one");
    EXPECT_EQ(body_of(get("b", Headers{{"Range", "bytes=4-6"}})), "eLL");
}

TEST_F(BlobServiceTest, KeepsCommittedBlocksThatAreListedAgain) {
    put_block("MQ==", "one");
    put_block("Mg==", "two");
    commit("<Latest>MQ==</Latest><Latest>Mg==</Latest>");
    put_block("MQ==", "ONE");

    EXPECT_EQ(commit("<Committed>MQ==</Committed><Uncommitted>MQ==</Uncommitted>").status, 201);

    EXPECT_EQ(body_of(get("b")), "oneONE");
    EXPECT_EQ(code_of(commit("<Committed>Mg==</Committed>")), "InvalidBlockList");
}

TEST_F(BlobServiceTest, RefusesBlockListsThatNameNothing) {
    put_block("MQ==", "one");

    EXPECT_EQ(code_of(commit("<Latest>Mg==</Latest>")), "InvalidBlockList");
    EXPECT_EQ(code_of(commit("<Committed>MQ==</Committed>")), "InvalidBlockList");
    EXPECT_EQ(code_of(commit("<Latest>!</Latest>")), "InvalidBlockId");
    EXPECT_EQ(code_of(commit("<Other>MQ==</Other>")), "InvalidXmlDocument");
    EXPECT_EQ(code_of(ask({Verb::put, "/con/b?comp=blocklist", {}, "no xml"})), "InvalidXmlDocument");
    EXPECT_EQ(code_of(put_block("MQ==", "")), "InvalidHeaderValue");
    EXPECT_EQ(code_of(put_block("MTI=", "x")), "InvalidBlobOrBlock");
}

TEST_F(BlobServiceTest, DropsWaitingBlocksWithPutBlob) {
    put_block("MQ==", "one");
    put("b", "whole");

    auto const list = ask({Verb::get, "/con/b?comp=blocklist&blocklisttype=all"});

    EXPECT_NE(list.text.find("<CommittedBlocks /><UncommittedBlocks />"), std::string::npos) << list.text;
}

TEST_F(BlobServiceTest, ListsAsClientsParseIt) {
    put("a&b", "123");
    put("d/1", "x");

    auto const flat = ask({Verb::get, "/con?restype=container&comp=list&maxresults=1"});
    auto const root = codec::parse_xml(flat.text);
    ASSERT_TRUE(root) << flat.text;
    EXPECT_NE(
        flat.text.find("ServiceEndpoint=\"http://127.0.0.1:10000/acc/\" ContainerName=\"con\""),
        std::string::npos
    );
    auto const& blob = root->find("Blobs")->children.at(0);
    EXPECT_EQ(blob.find("Name")->text, "a&b");
    EXPECT_EQ(blob.find("Properties")->find("Content-Length")->text, "3");
    EXPECT_TRUE(blob.find("Properties")->find("Etag")->text.starts_with("0x8D"));
    auto const marker = root->find("NextMarker")->text;
    ASSERT_FALSE(marker.empty());

    auto const rest =
        ask({Verb::get, "/con?restype=container&comp=list&delimiter=/&marker=" + http::percent_encode(marker)}
        );
    EXPECT_NE(
        rest.text.find("<BlobPrefix><Name>d/</Name></BlobPrefix></Blobs><NextMarker />"), std::string::npos
    );
    EXPECT_EQ(
        code_of(ask({Verb::get, "/con?restype=container&comp=list&marker=made-up"})),
        "InvalidQueryParameterValue"
    );
    EXPECT_EQ(
        code_of(ask({Verb::get, "/con?restype=container&comp=list&maxresults=0"})),
        "OutOfRangeQueryParameterValue"
    );
}

TEST_F(BlobServiceTest, NamesWhatItDoesNotHave) {
    put("b", "x");
    struct Case {
        Verb verb;
        char const* target;
        char const* feature;
    };
    for (auto const& [verb, target, feature] : {
             Case{Verb::put, "/con?resource=filesystem", "Azure Data Lake Storage Gen2"},
             Case{Verb::put, "/con/folder?resource=directory", "Azure Data Lake Storage Gen2"},
             Case{Verb::patch, "/con/b?action=append&position=0", "Azure Data Lake Storage Gen2"},
             Case{Verb::get, "/$blobchangefeed?restype=container&comp=list", "The change feed"},
             Case{Verb::get, "/%24blobchangefeed/meta/segments.json", "The change feed"},
         }) {
        auto const response = ask({verb, target});
        EXPECT_EQ(response.status, 501) << target;
        EXPECT_EQ(code_of(response), "NotImplemented") << target;
        EXPECT_NE(response.text.find(feature), std::string::npos) << response.text;
    }
    EXPECT_EQ(ask({Verb::get, "/con/b?resource=&action=unknown"}).status, 200);
    put("$blobchangefeed", "an ordinary name");
}

TEST_F(BlobServiceTest, RefusesWhatTheReferenceDoesNotHave) {
    EXPECT_EQ(code_of(ask({Verb::get, "/con/b?comp=nonsense"})), "InvalidQueryParameterValue");
    EXPECT_EQ(ask({Verb::post, "/con/b"}).status, 405);
    EXPECT_EQ(code_of(ask({Verb::get, "?restype=nonsense"})), "InvalidQueryParameterValue");
}

TEST_F(BlobServiceTest, RefusesBodiesThatAreTooLargeBeforeTheyCome) {
    http::RequestHead head;
    head.verb = Verb::put;
    head.method = "PUT";
    head.headers = {{"Host", "h"}};
    EXPECT_TRUE(http::parse_target("/acc/con/b", head));

    auto const response = service_.too_large(head, 5);

    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(code_of(response), "RequestBodyTooLarge");
}

TEST_F(BlobServiceTest, CopiesWithinTheAccount) {
    ask(
        {Verb::put,
         "/con/source",
         Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-meta-a", "b"}, {"Content-Type", "text/x"}},
         std::string(50'000, 's')}
    );

    auto const copied =
        ask({Verb::put, "/con/copy", Headers{{"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/source"}}});
    ask({Verb::remove, "/con/source"});

    EXPECT_EQ(copied.status, 202);
    EXPECT_EQ(copied.headers.get("x-ms-copy-status"), "success");
    auto const response = get("copy");
    EXPECT_EQ(body_of(response), std::string(50'000, 's'));
    EXPECT_EQ(response.headers.get("x-ms-meta-a"), "b");
    EXPECT_EQ(response.headers.get("Content-Type"), "text/x");
    EXPECT_EQ(response.headers.get("x-ms-copy-source"), "http://127.0.0.1:10000/acc/con/source");
}

TEST_F(BlobServiceTest, CopiesOntoItself) {
    put("b", std::string(50'000, 's'));

    auto const copied =
        ask({Verb::put, "/con/b", Headers{{"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b"}}});

    EXPECT_EQ(copied.status, 202);
    EXPECT_EQ(body_of(get("b")), std::string(50'000, 's'));
}

TEST_F(BlobServiceTest, CopiesOnlyWhatTheUrlMayRead) {
    put("b", "x");
    auto const copy_from = [this](std::string const& url) {
        return code_of(ask({Verb::put, "/con/copy", Headers{{"x-ms-copy-source", url}}}));
    };

    EXPECT_EQ(copy_from("http://127.0.0.1:10000/acc/con/none"), "CannotVerifyCopySource");
    EXPECT_EQ(copy_from("http://127.0.0.1:10000/other/con/b"), "CannotVerifyCopySource");
    EXPECT_EQ(copy_from("nonsense"), "InvalidHeaderValue");
    EXPECT_EQ(copy_from("file:///etc/passwd"), "InvalidHeaderValue");
}

TEST_F(BlobServiceTest, LetsADeletedContainerComeBackEmpty) {
    put("b", std::string(50'000, 's'));
    EXPECT_EQ(ask({Verb::remove, "/con?restype=container"}).status, 202);
    EXPECT_EQ(code_of(get("b")), "ContainerNotFound");

    EXPECT_EQ(ask({Verb::put, "/con?restype=container"}).status, 201);

    EXPECT_EQ(code_of(get("b")), "BlobNotFound");
}

TEST_F(BlobServiceTest, KeepsALeasedBlobFromOthers) {
    put("b", "x");
    Headers const acquire{{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "15"}};
    auto const lease = ask({Verb::put, "/con/b?comp=lease", acquire});
    auto const id = std::string{lease.headers.get("x-ms-lease-id")};
    ASSERT_EQ(lease.status, 201);

    EXPECT_EQ(code_of(ask({Verb::remove, "/con/b"})), "LeaseIdMissing");
    EXPECT_EQ(get("b").headers.get("x-ms-lease-state"), "leased");
    clock_.advance(std::chrono::seconds{15});
    EXPECT_EQ(get("b").headers.get("x-ms-lease-state"), "expired");
    EXPECT_EQ(ask({Verb::remove, "/con/b"}).status, 202);
}

TEST_F(BlobServiceTest, AWriteEndsALeaseThatHoldsNoMore) {
    put("b", "x");
    constexpr auto lease = "11111111-1111-1111-1111-111111111111";
    auto const act = [&](std::string const& action, Headers headers) {
        headers.set("x-ms-lease-action", action);
        return ask({Verb::put, "/con/b?comp=lease", headers});
    };
    act("acquire", {{"x-ms-lease-duration", "-1"}, {"x-ms-proposed-lease-id", lease}});
    act("break", {{"x-ms-lease-break-period", "0"}});
    EXPECT_EQ(get("b").headers.get("x-ms-lease-state"), "broken");

    EXPECT_EQ(ask({Verb::put, "/con/b?comp=metadata"}).status, 200);
    EXPECT_EQ(get("b").headers.get("x-ms-lease-state"), "available");

    act("acquire", {{"x-ms-lease-duration", "-1"}, {"x-ms-proposed-lease-id", lease}});
    act("break", {{"x-ms-lease-break-period", "0"}});
    EXPECT_EQ(ask({Verb::put, "/con/b?comp=block&blockid=MQ==", {}, "y"}).status, 201);
    EXPECT_EQ(get("b").headers.get("x-ms-lease-state"), "available");

    act("acquire", {{"x-ms-lease-duration", "15"}, {"x-ms-proposed-lease-id", lease}});
    clock_.advance(std::chrono::seconds{15});
    EXPECT_EQ(ask({Verb::put, "/con/b?comp=properties"}).status, 200);
    EXPECT_EQ(act("renew", {{"x-ms-lease-id", lease}}).status, 409);
}

TEST_F(BlobServiceTest, KeepsAccountsApart) {
    put("b", "mine");
    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:10000/other/con/b";
    request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", "2021-12-02"}};
    azure::sign_with_shared_key(Verb::get, "/other/con/b", {}, request.headers, 0, {"other", kKey});

    EXPECT_EQ(code_of(http::ask(service_, request)), "ContainerNotFound");
}

TEST_F(BlobServiceTest, FindsEverythingAgainAfterARestart) {
    put("small", "small");
    put("large", std::string(50'000, 'l'));
    auto const accounts = std::vector<BlobAccount>{{"acc", {kKey}}};
    BlobService again({std::make_shared<BlobAccounts>(accounts), folder_.path()}, clock_, random_);
    http::OutgoingRequest request;
    request.headers = {{"x-ms-date", base::to_rfc1123(clock_.now())}, {"x-ms-version", "2021-12-02"}};

    request.url = "http://127.0.0.1:10000/acc/con/large";
    azure::sign_with_shared_key(Verb::get, "/acc/con/large", {}, request.headers, 0, {"acc", kKey});

    EXPECT_EQ(body_of(http::ask(again, request)), std::string(50'000, 'l'));
}

TEST_F(BlobServiceTest, ListsStayWellFormedWhateverTheyEcho) {
    auto const response = ask({Verb::get, "/con?restype=container&comp=list&prefix=%01&delimiter=%02"});

    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(codec::parse_xml(response.text)) << response.text;
}

TEST_F(BlobServiceTest, RefusesAPageThatReachesUsUnderItsOwnName) {
    auto const response = ask(
        {Verb::get,
         "/con/b",
         Headers{{"Host", "evil.example:10000"}, {"Origin", "http://evil.example:10000"}}}
    );

    EXPECT_EQ(response.status, 403);
}

TEST_F(BlobServiceTest, AWriteEndsALeaseThatNoLongerHolds) {
    auto const lease = [&](Headers const& headers) { return ask({Verb::put, "/con/b?comp=lease", headers}); };
    Headers const acquire{{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", "15"}};
    put("b", "x");
    auto const id = std::string{lease(acquire).headers.get("x-ms-lease-id")};
    Headers const renew{{"x-ms-lease-action", "renew"}, {"x-ms-lease-id", id}};
    clock_.advance(std::chrono::seconds{20});
    EXPECT_EQ(lease(renew).status, 200);
    clock_.advance(std::chrono::seconds{20});
    ask({Verb::put, "/con/b?comp=metadata", Headers{{"x-ms-meta-by", "another"}}});

    EXPECT_EQ(get("b").headers.get("x-ms-lease-state"), "available");
    EXPECT_EQ(lease(renew).status, 409);
}

TEST_F(BlobServiceTest, ListsStayReadableWhateverHeadersBlobsCameWith) {
    auto const put_with = [&](char const* name, char const* value) {
        Headers headers{{"x-ms-blob-type", "BlockBlob"}, {name, value}};
        return code_of(ask({Verb::put, "/con/b", std::move(headers), "x"}));
    };
    EXPECT_EQ(put_with("x-ms-blob-content-disposition", "a; filename=caf\xe9"), "InvalidHeaderValue");
    EXPECT_EQ(put_with("Content-Type", "\xff"), "InvalidHeaderValue");
    EXPECT_EQ(put_with("x-ms-meta-a", "caf\xe9"), "InvalidMetadata");
    EXPECT_EQ(put_with("x-ms-blob-content-disposition", "a; filename=caf\xc3\xa9"), "");
    EXPECT_TRUE(codec::parse_xml(ask({Verb::get, "/con?restype=container&comp=list"}).text));
    EXPECT_TRUE(codec::parse_xml(ask({Verb::get, "/con?restype=container&comp=%01"}).text));
}

TEST_F(BlobServiceTest, ListsTellOfCopiesWhenAsked) {
    put("b", "x");
    Headers const copy{{"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b"}};
    ask({Verb::put, "/con/copy", copy});
    ask({Verb::put, "/con/b?comp=snapshot"});
    auto const list = [&](char const* include) {
        return ask({Verb::get, std::string{"/con?restype=container&comp=list&include="} + include}).text;
    };

    EXPECT_EQ(list("metadata").find("<CopyId>"), std::string::npos);
    EXPECT_NE(list("copy").find("<CopyId>"), std::string::npos);
    auto const snapshots = list("snapshots");
    auto const of_snapshot = snapshots.substr(snapshots.find("<Snapshot>"));
    EXPECT_EQ(of_snapshot.substr(0, of_snapshot.find("</Blob>")).find("<Lease"), std::string::npos);
}

TEST_F(BlobServiceTest, OnlyThoseWhoWriteSeeWaitingBlocks) {
    ask({Verb::put, "/con?restype=container&comp=acl", Headers{{"x-ms-blob-public-access", "container"}}});
    put("b", "x");
    ask({Verb::put, "/con/b?comp=block&blockid=MQ%3D%3D", {}, "waiting"});
    auto const list = [&](char const* type) {
        return ask_anonymously(
            {Verb::get,
             std::string{"/con/b?comp=blocklist&blocklisttype="} + type,
             Headers{{"x-ms-version", "2021-12-02"}}}
        );
    };

    EXPECT_EQ(list("committed").status, 200);
    EXPECT_EQ(list("uncommitted").status, 401);
    EXPECT_EQ(list("all").status, 401);
}

TEST_F(BlobServiceTest, ReadsOfContainersKnowNoConditions) {
    Headers const any{{"If-None-Match", "*"}};
    EXPECT_EQ(ask({Verb::get, "/con?restype=container", any}).status, 200);
    EXPECT_EQ(ask({Verb::get, "/con?restype=container&comp=metadata", any}).status, 200);
    EXPECT_EQ(code_of(ask({Verb::put, "/con?restype=container&comp=metadata", any})), "ConditionNotMet");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
