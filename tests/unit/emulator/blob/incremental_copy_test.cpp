#include "tests/unit/emulator/blob/copy_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// Incremental Copy Blob: the backups of disks.
class IncrementalCopyTest : public CopyFixture {
protected:
    // A page blob, as a copy of one that is elsewhere.
    void put_disk(std::string const& name, std::string const& body) {
        elsewhere_->put("/file", {.body = body, .headers = {{"x-ms-blob-type", "PageBlob"}}});
        ASSERT_EQ(copy(kFile, {}, name).status, 202);
        ASSERT_EQ(outcome(name), "success");
    }
    std::string snapshot(std::string const& name) {
        clock_.advance(std::chrono::seconds{1});
        return std::string{ask({put_verb, "/con/" + name + "?comp=snapshot"}).headers.get("x-ms-snapshot")};
    }
    http::Response back_up(std::string const& source, Headers headers = {}) {
        headers.set("x-ms-copy-source", source);
        return ask({put_verb, "/con/backup?comp=incrementalcopy", std::move(headers)});
    }
};

TEST_F(IncrementalCopyTest, EachCopyLeavesASnapshot) {
    put_disk("disk", std::string(512, '1'));
    auto const first = back_up(own("disk?snapshot=" + snapshot("disk")));
    EXPECT_EQ(first.status, 202) << first.text;
    EXPECT_EQ(first.headers.get("x-ms-copy-status"), "success");
    auto const one = property("x-ms-copy-destination-snapshot", "backup");
    put_disk("disk", std::string(1024, '2'));
    EXPECT_EQ(back_up(own("disk?snapshot=" + snapshot("disk"))).status, 202);
    auto const two = property("x-ms-copy-destination-snapshot", "backup");

    EXPECT_EQ(read("backup?snapshot=" + one), std::string(512, '1'));
    EXPECT_EQ(read("backup?snapshot=" + two), std::string(1024, '2'));
    EXPECT_EQ(property("x-ms-incremental-copy", "backup"), "true");
    EXPECT_EQ(property("x-ms-blob-type", "backup"), "PageBlob");
}

TEST_F(IncrementalCopyTest, TheDestinationIsForSnapshotsOfOneBlobInTheirOrder) {
    put_disk("disk", std::string(512, '1'));
    put_disk("other", std::string(512, '2'));
    put("block", "x");
    auto const early = snapshot("disk");
    auto const late = snapshot("disk");

    EXPECT_EQ(code_of(back_up(own("disk"))), "IncrementalCopySourceMustBeSnapshot");
    EXPECT_EQ(code_of(back_up(own("block?snapshot=" + snapshot("block")))), "InvalidSourceBlobType");
    EXPECT_EQ(code_of(back_up(kFile)), "InvalidSourceBlobUrl");
    EXPECT_EQ(back_up(own("disk?snapshot=" + late)).status, 202);
    EXPECT_EQ(
        code_of(back_up(own("disk?snapshot=" + early))), "IncrementalCopyOfEarlierVersionSnapshotNotAllowed"
    );
    EXPECT_EQ(code_of(back_up(own("other?snapshot=" + snapshot("other")))), "IncrementalCopyBlobMismatch");
    put("plain", "x");
    auto const onto_plain = ask(
        {put_verb,
         "/con/plain?comp=incrementalcopy",
         Headers{{"x-ms-copy-source", own("disk?snapshot=" + late)}}}
    );
    EXPECT_EQ(code_of(onto_plain), "IncrementalCopyBlobMismatch");
}

TEST_F(IncrementalCopyTest, TheDestinationItselfIsOnlyLookedAtAndDeleted) {
    put_disk("disk", std::string(512, '1'));
    back_up(own("disk?snapshot=" + snapshot("disk")));
    auto const moment = property("x-ms-copy-destination-snapshot", "backup");
    auto const code = std::string{"OperationNotAllowedOnIncrementalCopyBlob"};

    EXPECT_EQ(code_of(ask({get, "/con/backup"})), code);
    EXPECT_EQ(code_of(ask({put_verb, "/con/backup?comp=metadata"})), code);
    EXPECT_EQ(code_of(ask({put_verb, "/con/backup?comp=snapshot"})), code);
    EXPECT_EQ(code_of(ask({put_verb, "/con/backup", Headers{{"x-ms-blob-type", "BlockBlob"}}, "x"})), code);
    EXPECT_EQ(copy(own("backup?snapshot=" + moment), {}, "restored").status, 202);
    EXPECT_EQ(read("restored"), std::string(512, '1'));
    EXPECT_EQ(ask({remove, "/con/backup", Headers{{"x-ms-delete-snapshots", "include"}}}).status, 202);
}

TEST_F(IncrementalCopyTest, ASignatureToCreateReplacesNoBackup) {
    put_disk("disk", std::string(512, '1'));
    ASSERT_EQ(back_up(own("disk?snapshot=" + snapshot("disk"))).status, 202);
    auto const source = own("disk?snapshot=" + snapshot("disk"));
    auto const with = [&](char const* permissions) {
        return ask_anonymously(
            {put_verb,
             "/con/backup?comp=incrementalcopy&" + service_sas(permissions),
             Headers{{"x-ms-copy-source", source + "&" + service_sas("r")}}}
        );
    };

    EXPECT_EQ(code_of(with("c")), "UnauthorizedBlobOverwrite");
    EXPECT_EQ(with("w").status, 202);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
