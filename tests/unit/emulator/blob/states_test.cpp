#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;
using Names = std::vector<std::string>;

// Snapshots, versions and what is softly deleted.
class StatesTest : public BlobFixture {
protected:
    void keep_versions() {
        service_.policies().change("acc", [](cases::AccountPolicy& policy) { policy.keeps_versions = true; });
    }
    void retain_days(std::int64_t days) {
        service_.policies().change("acc", [=](cases::AccountPolicy& policy) {
            policy.blob_retention_days = days;
            policy.container_retention_days = days;
            policy.allows_permanent_delete = true;
        });
    }
    std::string snapshot(std::string const& name) {
        clock_.advance(std::chrono::seconds{1});
        auto const response = ask({put_verb, "/con/" + name + "?comp=snapshot"});
        EXPECT_EQ(response.status, 201) << response.text;
        return std::string{response.headers.get("x-ms-snapshot")};
    }
    std::string put_version(std::string const& name, std::string const& body) {
        clock_.advance(std::chrono::seconds{1});
        auto const response = ask({put_verb, "/con/" + name, Headers{{"x-ms-blob-type", "BlockBlob"}}, body});
        EXPECT_EQ(response.status, 201) << response.text;
        return std::string{response.headers.get("x-ms-version-id")};
    }
    std::string read(std::string const& target) { return body_of(ask({get, "/con/" + target})); }
    int status_of(http::Verb verb, std::string const& target, Headers headers = {}) {
        return ask({verb, "/con/" + target, std::move(headers)}).status;
    }
    // What a list with these includes shows of each state, page by page.
    Names list(std::string const& includes, int page_size = 5000) {
        Names found;
        std::string marker;
        do {
            auto const response = ask(
                {get,
                 "/con?restype=container&comp=list&include=" + includes +
                     "&maxresults=" + std::to_string(page_size) + "&marker=" + http::percent_encode(marker)}
            );
            EXPECT_EQ(response.status, 200) << response.text;
            auto const root = codec::parse_xml(response.text);
            for (auto const& blob : root->find("Blobs")->children)
                found.push_back(describe(blob));
            marker = root->find("NextMarker")->text;
        } while (!marker.empty());
        return found;
    }
    static std::string describe(codec::XmlElement const& blob) {
        auto text = blob.find("Name")->text;
        if (blob.find("Snapshot") != nullptr) text += " snapshot";
        if (blob.find("VersionId") != nullptr) text += " version";
        if (blob.find("IsCurrentVersion") != nullptr) text += " current";
        if (blob.find("HasVersionsOnly") != nullptr) text += " only";
        if (blob.find("Deleted") != nullptr) text += " deleted";
        return text;
    }

    static constexpr auto put_verb = http::Verb::put;
};

TEST_F(StatesTest, APlusInAQueryIsABlank) {
    put("a%20b", "x");
    put("a%2Bb", "y");

    auto const found = [&](std::string const& prefix) {
        return ask({get, "/con?restype=container&comp=list&prefix=" + prefix}).text;
    };
    EXPECT_NE(found("a+").find("<Name>a b</Name>"), std::string::npos);
    EXPECT_NE(found("a%2B").find("<Name>a+b</Name>"), std::string::npos);
}

TEST_F(StatesTest, ASnapshotKeepsWhatTheBlobWas) {
    put("b", "old");
    auto const moment = snapshot("b");
    put("b", "new");

    EXPECT_EQ(read("b"), "new");
    EXPECT_EQ(read("b?snapshot=" + moment), "old");
    EXPECT_EQ(status_of(get, "b?snapshot=2011-03-09T01:42:34.9360000Z"), 404);
    EXPECT_EQ(status_of(get, "b?snapshot=yesterday"), 400);
}

TEST_F(StatesTest, ASnapshotSharesTheBytesOfABlobOfBlocks) {
    ask({put_verb, "/con/b?comp=block&blockid=MDE%3D", {}, std::string(40'000, 'x')});
    ask({put_verb, "/con/b?comp=block&blockid=MDI%3D", {}, std::string(10, 'y')});
    ask(
        {put_verb,
         "/con/b?comp=blocklist",
         {},
         "<BlockList><Latest>MDE=</Latest><Latest>MDI=</Latest></BlockList>"}
    );
    auto const moment = snapshot("b");
    put("b", "new");

    EXPECT_EQ(read("b?snapshot=" + moment), std::string(40'000, 'x') + std::string(10, 'y'));
    EXPECT_EQ(status_of(remove, "b?snapshot=" + moment), 202);
    EXPECT_EQ(read("b"), "new");
}

TEST_F(StatesTest, ASnapshotTakesMetadataOfItsOwn) {
    ask({put_verb, "/con/b", Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-meta-a", "1"}}, "x"});
    auto const made = ask({put_verb, "/con/b?comp=snapshot", Headers{{"x-ms-meta-b", "2"}}});

    auto const response = ask({head, "/con/b?snapshot=" + std::string{made.headers.get("x-ms-snapshot")}});
    EXPECT_FALSE(response.headers.has("x-ms-meta-a"));
    EXPECT_EQ(response.headers.get("x-ms-meta-b"), "2");
}

TEST_F(StatesTest, WritesToASnapshotAreRefused) {
    put("b", "x");
    auto const moment = snapshot("b");

    auto const response = ask({put_verb, "/con/b?comp=metadata&snapshot=" + moment});
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(code_of(response), "InvalidOperation");
}

TEST_F(StatesTest, ABlobWithSnapshotsIsDeletedOnlyWithThem) {
    put("b", "x");
    auto const moment = snapshot("b");

    EXPECT_EQ(code_of(ask({remove, "/con/b"})), "SnapshotsPresent");
    EXPECT_EQ(status_of(remove, "b", Headers{{"x-ms-delete-snapshots", "only"}}), 202);
    EXPECT_EQ(status_of(get, "b?snapshot=" + moment), 404);
    EXPECT_EQ(read("b"), "x");

    snapshot("b");
    EXPECT_EQ(status_of(remove, "b", Headers{{"x-ms-delete-snapshots", "include"}}), 202);
    EXPECT_EQ(list("snapshots"), Names{});
}

TEST_F(StatesTest, ListsShowSnapshotsBeforeTheirBlobPageByPage) {
    put("a", "1");
    snapshot("a");
    snapshot("a");
    put("b", "2");

    Names const expected{"a snapshot", "a snapshot", "a", "b"};
    EXPECT_EQ(list("snapshots"), expected);
    EXPECT_EQ(list("snapshots", 1), expected);
    EXPECT_EQ(list("snapshots", 3), expected);
    EXPECT_EQ(list("metadata"), (Names{"a", "b"}));
}

TEST_F(StatesTest, EveryWriteLeavesAVersion) {
    keep_versions();
    auto const first = put_version("b", "one");
    auto const second = put_version("b", "two");

    EXPECT_NE(first, second);
    EXPECT_EQ(read("b"), "two");
    EXPECT_EQ(read("b?versionid=" + first), "one");
    EXPECT_EQ(read("b?versionid=" + second), "two");
    auto const current = ask({head, "/con/b"});
    EXPECT_EQ(current.headers.get("x-ms-version-id"), second);
    EXPECT_EQ(current.headers.get("x-ms-is-current-version"), "true");
    EXPECT_EQ(list("versions"), (Names{"b version", "b version current"}));
    EXPECT_EQ(list("versions", 1), (Names{"b version", "b version current"}));
}

TEST_F(StatesTest, ABlobFromBeforeVersionsBecomesOneWithinTheSameTick) {
    put("b", "zero");
    keep_versions();
    put("b", "one");
    put("b", "two");

    EXPECT_EQ(list("versions"), (Names{"b version", "b version", "b version current"}));
}

TEST_F(StatesTest, AChangeOfMetadataIsAVersionOfTheSameBytes) {
    keep_versions();
    auto const first = put_version("b", "one");
    ask({put_verb, "/con/b?comp=metadata", Headers{{"x-ms-meta-a", "1"}}});

    EXPECT_EQ(read("b?versionid=" + first), "one");
    EXPECT_EQ(status_of(remove, "b?versionid=" + first), 202);
    EXPECT_EQ(read("b"), "one");
}

TEST_F(StatesTest, ADeletedBlobLivesOnInItsVersions) {
    keep_versions();
    auto const version = put_version("b", "one");

    EXPECT_EQ(code_of(ask({remove, "/con/b?versionid=" + version})), "OperationNotAllowedOnRootBlob");
    EXPECT_EQ(status_of(remove, "b"), 202);
    EXPECT_EQ(status_of(get, "b"), 404);
    EXPECT_EQ(read("b?versionid=" + version), "one");
    EXPECT_EQ(list("versions"), Names{"b version only"});
    EXPECT_EQ(list(""), Names{});
}

TEST_F(StatesTest, ASoftlyDeletedBlobComesBack) {
    retain_days(7);
    put("b", "one");
    auto const deleted = ask({remove, "/con/b"});

    EXPECT_EQ(deleted.headers.get("x-ms-delete-type-permanent"), "false");
    EXPECT_EQ(status_of(get, "b"), 404);
    EXPECT_EQ(list(""), Names{});
    EXPECT_EQ(list("deleted"), Names{"b deleted"});
    EXPECT_EQ(status_of(put_verb, "b?comp=undelete"), 200);
    EXPECT_EQ(read("b"), "one");
    EXPECT_EQ(status_of(put_verb, "c?comp=undelete"), 404);
}

TEST_F(StatesTest, ThePropertiesOfTheServiceSwitchSoftDeletionOn) {
    ask(
        {put_verb,
         "?restype=service&comp=properties",
         {},
         "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>3</Days>"
         "</DeleteRetentionPolicy></StorageServiceProperties>"}
    );
    put("b", "one");
    ask({remove, "/con/b"});

    EXPECT_EQ(list("deleted"), Names{"b deleted"});
}

TEST_F(StatesTest, WhatIsOverwrittenIsKeptAsADeletedSnapshot) {
    retain_days(7);
    put("b", "one");
    put("b", "two");

    EXPECT_EQ(list("snapshots"), Names{"b"});
    EXPECT_EQ(list("snapshots,deleted"), (Names{"b snapshot deleted", "b"}));
    EXPECT_EQ(status_of(put_verb, "b?comp=undelete"), 200);
    EXPECT_EQ(list("snapshots"), (Names{"b snapshot", "b"}));
}

TEST_F(StatesTest, ABlobIsDeletedAndMadeAnewAsOftenAsOneLikes) {
    retain_days(7);
    for (int i = 0; i < 3; ++i) {
        put("b", std::to_string(i));
        EXPECT_EQ(status_of(remove, "b", Headers{{"x-ms-delete-snapshots", "include"}}), 202);
    }
    EXPECT_EQ(list("snapshots,deleted"), (Names{"b snapshot deleted", "b snapshot deleted", "b deleted"}));
    EXPECT_EQ(status_of(put_verb, "b?comp=undelete"), 200);
    EXPECT_EQ(read("b"), "2");
}

TEST_F(StatesTest, WhatIsSoftlyDeletedGoesWithItsTime) {
    retain_days(2);
    put("b", "one");
    ask({remove, "/con/b"});
    clock_.advance(std::chrono::hours{49});

    EXPECT_EQ(list("deleted"), Names{});
    EXPECT_EQ(status_of(put_verb, "b?comp=undelete"), 404);
}

TEST_F(StatesTest, ADeletedSnapshotCanBeRemovedForGood) {
    retain_days(7);
    put("b", "one");
    auto const moment = snapshot("b");
    auto const target = "b?snapshot=" + moment;

    EXPECT_EQ(status_of(remove, target + "&deletetype=permanent"), 404);
    EXPECT_EQ(status_of(remove, target), 202);
    EXPECT_EQ(status_of(remove, target + "&deletetype=permanent"), 202);
    EXPECT_EQ(list("snapshots,deleted"), Names{"b"});
}

TEST_F(StatesTest, ADeletedContainerComesBackUnderAnyName) {
    retain_days(7);
    put("b", "one");
    EXPECT_EQ(ask({remove, "/con?restype=container"}).status, 202);
    EXPECT_EQ(status_of(get, "b"), 404);
    EXPECT_EQ(ask({put_verb, "/con?restype=container"}).status, 201);

    auto const page = ask({get, "?comp=list&include=deleted"});
    auto const root = codec::parse_xml(page.text);
    auto const& containers = root->find("Containers")->children;
    ASSERT_EQ(containers.size(), 2U) << page.text;
    auto const version = containers[1].find("Version")->text;
    auto const restore = [&](std::string const& name) {
        return ask(
            {put_verb,
             "/" + name + "?restype=container&comp=undelete",
             Headers{{"x-ms-deleted-container-name", "con"}, {"x-ms-deleted-container-version", version}}}
        );
    };
    EXPECT_EQ(code_of(restore("con")), "ContainerAlreadyExists");
    EXPECT_EQ(restore("back").status, 201);
    EXPECT_EQ(body_of(ask({get, "/back/b"})), "one");
    EXPECT_EQ(code_of(restore("again")), "ContainerNotFound");
}

TEST_F(StatesTest, OfBlobsOfTheRootContainerAreNamedByShortUrlsToo) {
    ASSERT_EQ(ask({put_verb, "/$root?restype=container"}).status, 201);
    Headers const block{{"x-ms-blob-type", "BlockBlob"}};
    ask({put_verb, "/$root/b", block, "old"});
    auto const taken = std::string{ask({put_verb, "/b?comp=snapshot"}).headers.get("x-ms-snapshot")};
    clock_.advance(std::chrono::seconds{1});
    ask({put_verb, "/b", block, "new"});

    EXPECT_EQ(body_of(ask({get, "/b?snapshot=" + taken})), "old");
    EXPECT_EQ(ask({remove, "/b?snapshot=" + taken}).status, 202);
    EXPECT_EQ(ask({get, "/b?snapshot=" + taken}).status, 404);
    EXPECT_EQ(body_of(ask({get, "/b"})), "new");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
