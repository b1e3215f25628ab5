#include "tests/unit/emulator/blob/copy_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// Copies of our own blobs, and in the background of what is elsewhere.
class CopyingTest : public CopyFixture {};

TEST_F(CopyingTest, ASnapshotAndAVersionAreSources) {
    put("b", "old");
    auto const moment = std::string{ask({put_verb, "/con/b?comp=snapshot"}).headers.get("x-ms-snapshot")};
    put("b", "new");

    EXPECT_EQ(copy(own("b?snapshot=" + moment)).status, 202);
    EXPECT_EQ(read("copy"), "old");
    EXPECT_EQ(property("x-ms-copy-source"), own("b?snapshot=" + http::percent_encode(moment)));
    EXPECT_EQ(copy(own("b?snapshot=" + moment), {}, "b").status, 202);
    EXPECT_EQ(read("b"), "old");
}

TEST_F(CopyingTest, AnOldVersionIsPromotedByACopyToItsBlob) {
    service_.policies().change("acc", [](cases::AccountPolicy& policy) { policy.keeps_versions = true; });
    put("b", "old");
    auto const version = property("x-ms-version-id", "b");
    clock_.advance(std::chrono::seconds{1});
    put("b", "new");
    clock_.advance(std::chrono::seconds{1});

    auto const copied = copy(own("b?versionid=" + version), {}, "b");
    EXPECT_EQ(copied.status, 202);
    EXPECT_NE(copied.headers.get("x-ms-version-id"), version);
    EXPECT_EQ(read("b"), "old");
}

TEST_F(CopyingTest, TheSourceMustBeWhatTheRequestSays) {
    put("b", "x");
    auto const etag = property("ETag", "b");

    EXPECT_EQ(copy(own("b"), Headers{{"x-ms-source-if-match", etag}}).status, 202);
    auto const unmet = copy(own("b"), Headers{{"x-ms-source-if-none-match", etag}});
    EXPECT_EQ(unmet.status, 412);
    EXPECT_EQ(code_of(unmet), "SourceConditionNotMet");
    auto const lease = "11111111-1111-1111-1111-111111111111";
    EXPECT_EQ(
        code_of(copy(own("b"), Headers{{"x-ms-source-lease-id", lease}})), "LeaseNotPresentWithBlobOperation"
    );
    ask(
        {put_verb,
         "/con/b?comp=lease",
         Headers{
             {"x-ms-lease-action", "acquire"},
             {"x-ms-lease-duration", "-1"},
             {"x-ms-proposed-lease-id", lease}}}
    );
    EXPECT_EQ(copy(own("b"), Headers{{"x-ms-source-lease-id", lease}}).status, 202);
}

TEST_F(CopyingTest, MetadataAreTheSourcesUnlessGiven) {
    ask({put_verb, "/con/b", Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-meta-a", "1"}}, "x"});

    copy(own("b"));
    EXPECT_EQ(property("x-ms-meta-a"), "1");
    copy(own("b"), Headers{{"x-ms-meta-b", "2"}, {"x-ms-access-tier", "Cool"}});
    EXPECT_EQ(property("x-ms-meta-a"), "");
    EXPECT_EQ(property("x-ms-meta-b"), "2");
    EXPECT_EQ(property("x-ms-access-tier"), "Cool");
}

TEST_F(CopyingTest, AnotherAccountIsReadByWhatTheUrlAllows) {
    http::OutgoingRequest foreign;
    put("b", "x");
    auto const url = own("b") + "?" + service_sas("r");
    auto const from_other = [&](std::string const& source) {
        http::RequestHead head;
        http::OutgoingRequest request;
        request.verb = put_verb;
        request.url = "http://127.0.0.1:10000/other/con/copy";
        request.headers = {
            {"x-ms-copy-source", source},
            {"x-ms-date", base::to_rfc1123(clock_.now())},
            {"x-ms-version", "2021-12-02"}};
        EXPECT_TRUE(http::parse_target("/other/con/copy", head));
        azure::sign_with_shared_key(put_verb, head.path, head.query, request.headers, 0, {"other", kKey});
        return http::ask(service_, request);
    };

    EXPECT_EQ(code_of(from_other(own("b"))), "CannotVerifyCopySource");
    // The destination is looked for only once the source may be read.
    EXPECT_EQ(code_of(from_other(url)), "ContainerNotFound");
}

TEST_F(CopyingTest, AListTellsOfCopiesWhenItIsAsked) {
    put("b", "x");
    copy(own("b"));
    auto const list = [&](std::string const& include) {
        return ask({get, "/con?restype=container&comp=list&include=" + include}).text;
    };

    EXPECT_NE(list("copy").find("<CopyStatus>success</CopyStatus>"), std::string::npos);
    EXPECT_EQ(list("metadata").find("<Copy"), std::string::npos);
}

TEST_F(CopyingTest, WhatIsElsewhereIsCopiedInTheBackground) {
    std::string const body(300'000, 'f');
    elsewhere_->put(
        "/file", {.body = body, .headers = {{"Content-Type", "text/x"}, {"ETag", "\"1\""}}, .is_held = true}
    );

    auto const begun = copy(std::string{kFile} + "?sig=secret", Headers{{"x-ms-meta-a", "1"}});
    EXPECT_EQ(begun.status, 202) << begun.text;
    EXPECT_EQ(begun.headers.get("x-ms-copy-status"), "pending");
    EXPECT_EQ(read("copy"), "");
    EXPECT_EQ(property("x-ms-copy-progress"), "0/300000");
    EXPECT_EQ(property("x-ms-copy-completion-time"), "");
    EXPECT_EQ(property("Content-Type"), "text/x");
    elsewhere_->let_go("/file");

    EXPECT_EQ(outcome(), "success");
    EXPECT_EQ(read("copy"), body);
    EXPECT_EQ(property("x-ms-copy-id"), begun.headers.get("x-ms-copy-id"));
    EXPECT_EQ(property("x-ms-copy-source"), kFile);
    EXPECT_EQ(property("x-ms-copy-progress"), "300000/300000");
    EXPECT_EQ(property("x-ms-meta-a"), "1");
    EXPECT_NE(property("ETag"), begun.headers.get("ETag"));
    EXPECT_NE(property("x-ms-copy-completion-time"), "");
}

TEST_F(CopyingTest, NothingIsWrittenToTheDestinationOfAPendingCopy) {
    elsewhere_->put("/file", {.body = "x", .is_held = true});
    copy(kFile);

    EXPECT_EQ(code_of(copy(kFile)), "PendingCopyOperation");
    EXPECT_EQ(
        code_of(ask({put_verb, "/con/copy", Headers{{"x-ms-blob-type", "BlockBlob"}}, "y"})),
        "PendingCopyOperation"
    );
    EXPECT_EQ(code_of(ask({put_verb, "/con/copy?comp=metadata"})), "PendingCopyOperation");
    EXPECT_EQ(code_of(ask({put_verb, "/con/copy?comp=snapshot"})), "PendingCopyOperation");
    EXPECT_EQ(code_of(ask({remove, "/con/copy"})), "PendingCopyOperation");
    elsewhere_->let_go("/file");
    EXPECT_EQ(outcome(), "success");
    EXPECT_EQ(ask({remove, "/con/copy"}).status, 202);
}

TEST_F(CopyingTest, AnAbortedCopyLeavesAnEmptyBlob) {
    elsewhere_->put("/file", {.body = "x", .is_held = true});
    auto const id = std::string{copy(kFile, Headers{{"x-ms-meta-a", "1"}}).headers.get("x-ms-copy-id")};
    auto const abort = [&](std::string const& copy_id, std::string const& action = "abort") {
        return ask({put_verb, "/con/copy?comp=copy&copyid=" + copy_id, Headers{{"x-ms-copy-action", action}}}
        );
    };

    EXPECT_EQ(code_of(abort(id, "stop")), "InvalidHeaderValue");
    EXPECT_EQ(code_of(abort("11111111-1111-1111-1111-111111111111")), "CopyIdMismatch");
    EXPECT_EQ(abort(id).status, 204);
    EXPECT_EQ(outcome(), "aborted");
    EXPECT_EQ(property("Content-Length"), "");
    EXPECT_EQ(read("copy"), "");
    EXPECT_EQ(property("x-ms-meta-a"), "1");
    auto const again = abort(id);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(code_of(again), "NoPendingCopyOperation");
    put("copy", "free again");
    elsewhere_->let_go("/file");
    EXPECT_EQ(read("copy"), "free again");
}

TEST_F(CopyingTest, ACopyFailsWhenItsSourceChangesOrGoes) {
    elsewhere_->put("/file", {.body = "one", .headers = {{"ETag", "\"1\""}}, .is_held = true});
    copy(kFile);
    elsewhere_->put("/file", {.body = "two", .headers = {{"ETag", "\"2\""}}});
    EXPECT_EQ(outcome(), "failed");
    EXPECT_EQ(
        property("x-ms-copy-status-description"),
        "412 ConditionNotMet \"Copy failed when reading the source.\""
    );
    EXPECT_EQ(read("copy"), "");

    elsewhere_->put("/file", {.body = "one", .is_held = true});
    copy(kFile);
    elsewhere_->put("/file", {.body = "<Error><Code>BlobNotFound</Code></Error>", .status = 404});
    EXPECT_EQ(outcome(), "failed");
    EXPECT_EQ(
        property("x-ms-copy-status-description"), "404 BlobNotFound \"Copy failed when reading the source.\""
    );
}

TEST_F(CopyingTest, ASourceThatCantBeReadIsToldAtOnce) {
    elsewhere_->put("/denied", {.body = "no", .status = 403});
    elsewhere_->put("/moved", {.status = 302});

    auto const missing = copy("https://files.example/none");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(code_of(missing), "CannotVerifyCopySource");
    EXPECT_EQ(detail_of(missing, "CopySourceStatusCode"), "404");
    EXPECT_EQ(missing.headers.get("x-ms-copy-source-error-code"), "BlobNotFound");
    EXPECT_EQ(copy("http://files.example/denied").status, 403);
    EXPECT_EQ(copy("http://files.example/moved").status, 400);
    EXPECT_EQ(copy("http://gone.example/").status, 400);
    for (auto const* const url :
         {"file:///etc/passwd", "ftp://files.example/x", "http://user@files.example/", "x"}) {
        EXPECT_EQ(code_of(copy(url)), "InvalidHeaderValue") << url;
    }
    EXPECT_EQ(ask({head, "/con/copy"}).status, 404);
}

TEST_F(CopyingTest, NothingOfTheRequestButItsBearerGoesElsewhere) {
    elsewhere_->put("/file", {.body = "x"});
    copy_at_once(
        kFile, Headers{{"x-ms-copy-source-authorization", "Bearer token"}, {"x-ms-source-if-match", "\"e\""}}
    );
    copy_at_once(kFile);

    auto const requests = elsewhere_->requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].headers.get("Authorization"), "Bearer token");
    EXPECT_EQ(requests[0].headers.get("If-Match"), "\"e\"");
    EXPECT_TRUE(requests[1].headers.empty());
    EXPECT_EQ(
        code_of(copy(kFile, Headers{{"x-ms-copy-source-authorization", "Basic x"}})), "InvalidHeaderValue"
    );
}

TEST_F(CopyingTest, ServersWithoutHeadAreLookedAtByGet) {
    elsewhere_->put("/file", {.body = "abc", .has_head = false});
    elsewhere_->put("/empty", {.has_head = false});

    copy(kFile);
    EXPECT_EQ(outcome(), "success");
    EXPECT_EQ(read("copy"), "abc");
    EXPECT_EQ(copy("http://files.example/empty").status, 202);
    EXPECT_EQ(outcome(), "success");
    EXPECT_EQ(read("copy"), "");
}

TEST_F(CopyingTest, ALeasedDestinationNeedsALeaseWithoutEnd) {
    elsewhere_->put("/file", {.body = "x"});
    put("copy", "old");
    auto const lease = [&](std::string const& seconds) {
        auto const response = ask(
            {put_verb,
             "/con/copy?comp=lease",
             Headers{{"x-ms-lease-action", "acquire"}, {"x-ms-lease-duration", seconds}}}
        );
        return std::string{response.headers.get("x-ms-lease-id")};
    };

    auto const id = lease("15");
    EXPECT_EQ(code_of(copy(kFile)), "LeaseIdMissing");
    EXPECT_EQ(code_of(copy(kFile, Headers{{"x-ms-lease-id", id}})), "InfiniteLeaseDurationRequired");
    clock_.advance(std::chrono::seconds{16});
    auto const endless = lease("-1");
    EXPECT_EQ(copy(kFile, Headers{{"x-ms-lease-id", endless}}).status, 202);
    EXPECT_EQ(outcome(), "success");
}

TEST_F(CopyingTest, ACopyThatTheEndCutsOffHasFailedAfterwards) {
    elsewhere_->put("/file", {.body = "x", .is_held = true});
    copy(kFile);
    service_.stop_copies();

    BlobService again(options(), clock_, random_);
    http::OutgoingRequest request;
    request.verb = head;
    request.url = "http://127.0.0.1:10000/acc/con/copy?" + service_sas("r");
    auto const response = http::ask(again, request);
    EXPECT_EQ(response.headers.get("x-ms-copy-status"), "failed");
    EXPECT_EQ(response.headers.get("x-ms-copy-status-description").substr(0, 24), "500 InternalServerError ");
}

TEST_F(CopyingTest, ACopyGoesDownWithItsContainer) {
    elsewhere_->put("/file", {.body = std::string(100'000, 'x'), .is_held = true});
    copy(kFile);
    EXPECT_EQ(ask({remove, "/con?restype=container"}).status, 202);
    EXPECT_EQ(ask({put_verb, "/con?restype=container"}).status, 201);
    elsewhere_->let_go("/file");

    EXPECT_EQ(copy(kFile, {}, "next").status, 202);
    EXPECT_EQ(outcome("next"), "success");
    EXPECT_EQ(ask({get, "/con/copy"}).status, 404);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
