#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;
using std::chrono::hours;

class ImmutabilityTest : public BlobFixture {
protected:
    static constexpr auto put_verb = http::Verb::put;

    void SetUp() override {
        change([](cases::AccountPolicy& policy) { policy.immutable_versions = true; });
        BlobFixture::SetUp();
        put("b", "x");
    }
    void change(std::function<void(cases::AccountPolicy&)> const& change) {
        service_.policies().change("acc", change);
    }
    void keep_versions() {
        change([](cases::AccountPolicy& policy) { policy.keeps_versions = true; });
    }
    std::string in(hours time) { return base::to_rfc1123(clock_.now() + time); }
    http::Response protect(
        hours time, std::string const& mode = {}, std::string const& more = {}, Headers headers = {}
    ) {
        headers.set("x-ms-immutability-policy-until-date", in(time));
        if (!mode.empty()) headers.set("x-ms-immutability-policy-mode", mode);
        return ask({put_verb, "/con/b?comp=immutabilityPolicies" + more, std::move(headers)});
    }
    http::Response hold(std::string const& value, std::string const& more = {}) {
        return ask({put_verb, "/con/b?comp=legalhold" + more, Headers{{"x-ms-legal-hold", value}}});
    }
    http::Response overwrite() {
        return ask({put_verb, "/con/b", Headers{{"x-ms-blob-type", "BlockBlob"}}, "y"});
    }
};

TEST_F(ImmutabilityTest, APolicyKeepsABlobUntilItsTime) {
    auto const set = protect(hours{2});
    EXPECT_EQ(set.status, 200) << set.text;
    EXPECT_EQ(set.headers.get("x-ms-immutability-policy-until-date"), in(hours{2}));
    EXPECT_EQ(set.headers.get("x-ms-immutability-policy-mode"), "unlocked");

    EXPECT_EQ(code_of(overwrite()), "BlobImmutableDueToPolicy");
    EXPECT_EQ(code_of(ask({remove, "/con/b"})), "BlobImmutableDueToPolicy");
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=metadata"})), "BlobImmutableDueToPolicy");
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=properties"})), "BlobImmutableDueToPolicy");
    EXPECT_EQ(
        code_of(ask({put_verb, "/con/b", Headers{{"x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b"}}})),
        "BlobImmutableDueToPolicy"
    );
    EXPECT_EQ(
        code_of(ask({put_verb, "/con/b?comp=blocklist", {}, "<BlockList></BlockList>"})),
        "BlobImmutableDueToPolicy"
    );
    EXPECT_EQ(code_of(ask({remove, "/con?restype=container"})), "BlobImmutableDueToPolicy");
    EXPECT_EQ(ask({put_verb, "/con/b?comp=tier", Headers{{"x-ms-access-tier", "Cool"}}}).status, 200);

    clock_.advance(hours{2});
    EXPECT_EQ(overwrite().status, 201);
    EXPECT_FALSE(ask({head, "/con/b"}).headers.has("x-ms-immutability-policy-until-date"));
}

TEST_F(ImmutabilityTest, AnUnlockedPolicyCanBeChangedAndDeleted) {
    protect(hours{5});
    EXPECT_EQ(protect(hours{1}).status, 200);
    EXPECT_EQ(ask({remove, "/con/b?comp=immutabilityPolicies"}).status, 200);
    EXPECT_EQ(overwrite().status, 201);
}

TEST_F(ImmutabilityTest, ALockedPolicyCanOnlyBeMadeLonger) {
    EXPECT_EQ(protect(hours{5}, "Locked").status, 200);
    EXPECT_EQ(code_of(protect(hours{4}, "Locked")), "BlobImmutableDueToPolicy");
    EXPECT_EQ(code_of(protect(hours{6}, "Unlocked")), "BlobImmutableDueToPolicy");
    EXPECT_EQ(code_of(ask({remove, "/con/b?comp=immutabilityPolicies"})), "BlobImmutableDueToPolicy");
    EXPECT_EQ(protect(hours{6}, "Locked").status, 200);
    EXPECT_EQ(ask({head, "/con/b"}).headers.get("x-ms-immutability-policy-mode"), "locked");
}

TEST_F(ImmutabilityTest, ALegalHoldKeepsABlobUntilItIsLifted) {
    EXPECT_EQ(hold("true").headers.get("x-ms-legal-hold"), "true");
    EXPECT_EQ(ask({head, "/con/b"}).headers.get("x-ms-legal-hold"), "true");
    EXPECT_EQ(code_of(overwrite()), "BlobImmutableDueToLegalHold");
    EXPECT_EQ(code_of(ask({remove, "/con/b"})), "BlobImmutableDueToLegalHold");
    EXPECT_EQ(hold("false").headers.get("x-ms-legal-hold"), "false");
    EXPECT_EQ(ask({remove, "/con/b"}).status, 202);
}

TEST_F(ImmutabilityTest, WhereVersionsAreKeptTheVersionIsProtected) {
    keep_versions();
    overwrite();
    auto const version = std::string{ask({head, "/con/b"}).headers.get("x-ms-version-id")};
    protect(hours{2});
    clock_.advance(std::chrono::seconds{1});

    EXPECT_EQ(overwrite().status, 201);
    auto const current = ask({head, "/con/b"});
    EXPECT_FALSE(current.headers.has("x-ms-immutability-policy-mode"));
    auto const target = "/con/b?versionid=" + version;
    EXPECT_EQ(ask({head, target}).headers.get("x-ms-immutability-policy-mode"), "unlocked");
    EXPECT_EQ(code_of(ask({remove, target})), "BlobImmutableDueToPolicy");
    EXPECT_EQ(ask({remove, "/con/b"}).status, 202);
    EXPECT_EQ(ask({remove, "/con/b?comp=immutabilityPolicies&versionid=" + version}).status, 200);
    EXPECT_EQ(ask({remove, target}).status, 202);
}

TEST_F(ImmutabilityTest, KeepsAppendAndPageBlobsAsTheyAre) {
    Headers const hold{{"x-ms-legal-hold", "true"}};
    EXPECT_EQ(ask({put_verb, "/con/log", Headers{{"x-ms-blob-type", "AppendBlob"}}}).status, 201);
    Headers const page{{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "512"}};
    EXPECT_EQ(ask({put_verb, "/con/disk", page}).status, 201);
    EXPECT_EQ(ask({put_verb, "/con/log?comp=appendblock", {}, "x"}).status, 201);
    EXPECT_EQ(ask({put_verb, "/con/log?comp=legalhold", hold}).status, 200);
    EXPECT_EQ(ask({put_verb, "/con/disk?comp=legalhold", hold}).status, 200);

    EXPECT_EQ(code_of(ask({put_verb, "/con/log?comp=appendblock", {}, "y"})), "BlobImmutableDueToLegalHold");
    Headers const range{{"x-ms-range", "bytes=0-511"}, {"x-ms-page-write", "update"}};
    auto const written = ask({put_verb, "/con/disk?comp=page", range, std::string(512, 'x')});
    EXPECT_EQ(code_of(written), "BlobImmutableDueToLegalHold");
}

TEST_F(ImmutabilityTest, ComesWithAWrite) {
    Headers headers{
        {"x-ms-blob-type", "BlockBlob"},
        {"x-ms-immutability-policy-until-date", in(hours{1})},
        {"x-ms-immutability-policy-mode", "Locked"},
        {"x-ms-legal-hold", "true"}};
    EXPECT_EQ(ask({put_verb, "/con/c", headers, "x"}).status, 201);
    auto const found = ask({head, "/con/c"});
    EXPECT_EQ(found.headers.get("x-ms-immutability-policy-mode"), "locked");
    EXPECT_EQ(found.headers.get("x-ms-legal-hold"), "true");

    auto const list = [&](std::string const& include) {
        auto const text = ask({get, "/con?restype=container&comp=list&prefix=c&include=" + include}).text;
        return *codec::parse_xml(text)->find("Blobs")->children.at(0).find("Properties");
    };
    EXPECT_EQ(list("immutabilitypolicy").find("ImmutabilityPolicyMode")->text, "locked");
    EXPECT_EQ(list("immutabilitypolicy").find("ImmutabilityPolicyUntilDate")->text, in(hours{1}));
    EXPECT_EQ(list("legalhold").find("LegalHold")->text, "true");
    EXPECT_EQ(list("metadata").find("LegalHold"), nullptr);
}

TEST_F(ImmutabilityTest, RefusesWhatCanNotBe) {
    EXPECT_EQ(protect(hours{-1}).status, 400);
    EXPECT_EQ(protect(hours{1}, "Sometimes").status, 400);
    EXPECT_EQ(ask({put_verb, "/con/b?comp=immutabilityPolicies"}).status, 400);
    EXPECT_EQ(ask({put_verb, "/con/b?comp=legalhold"}).status, 400);
    EXPECT_EQ(hold("perhaps").status, 400);
    auto const past = base::to_rfc1123(clock_.now() - hours{1});
    EXPECT_EQ(protect(hours{1}, "", "", Headers{{"If-Unmodified-Since", past}}).status, 412);
}

TEST_F(ImmutabilityTest, NeedsAContainerThatAllowsIt) {
    change([](cases::AccountPolicy& policy) { policy.immutable_versions = false; });
    ask({put_verb, "/plain?restype=container"});
    auto const shown = [&](std::string const& container) {
        auto const found = ask({get, "/" + container + "?restype=container"});
        return std::string{found.headers.get("x-ms-immutable-storage-with-versioning-enabled")};
    };
    EXPECT_EQ(shown("con"), "true");
    EXPECT_EQ(shown("plain"), "false");
    Headers const held{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-legal-hold", "true"}};
    EXPECT_EQ(code_of(ask({put_verb, "/plain/b", held, "x"})), "InvalidOperation");
    EXPECT_EQ(ask({put_verb, "/plain/b", Headers{{"x-ms-blob-type", "BlockBlob"}}, "x"}).status, 201);
    auto const set = ask({put_verb, "/plain/b?comp=legalhold", Headers{{"x-ms-legal-hold", "true"}}});
    EXPECT_EQ(code_of(set), "InvalidOperation");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
