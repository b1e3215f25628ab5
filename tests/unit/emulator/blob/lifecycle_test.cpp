#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;
using std::chrono::milliseconds;
using std::chrono::seconds;

// How soon blobs can be read, and how long they are kept.
class LifecycleTest : public BlobFixture {
protected:
    static constexpr auto put_verb = http::Verb::put;

    int set_tier(std::string const& tier, std::string const& priority = {}, std::string const& more = {}) {
        return tier_answer(tier, priority, more).status;
    }
    http::Response tier_answer(
        std::string const& tier, std::string const& priority = {}, std::string const& more = {}
    ) {
        Headers headers{{"x-ms-access-tier", tier}};
        if (!priority.empty()) headers.set("x-ms-rehydrate-priority", priority);
        return ask({put_verb, "/con/b?comp=tier" + more, std::move(headers)});
    }
    http::Response properties(std::string const& target = "/con/b") { return ask({head, target}); }
    std::string tier_of(std::string const& target = "/con/b") {
        auto const response = properties(target);
        auto text = std::string{response.headers.get("x-ms-access-tier")};
        if (response.headers.has("x-ms-archive-status")) {
            text.append(" ").append(response.headers.get("x-ms-archive-status"));
            text.append(" ").append(response.headers.get("x-ms-rehydrate-priority"));
        }
        return text;
    }
    http::Response copy(std::string const& to, Headers headers) {
        headers.set("x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b");
        return ask({put_verb, "/con/" + to, std::move(headers)});
    }
    http::Response set_expiry(std::string const& option, std::string const& time) {
        Headers headers{{"x-ms-expiry-option", option}};
        if (!time.empty()) headers.set("x-ms-expiry-time", time);
        return ask({put_verb, "/con/b?comp=expiry", std::move(headers)});
    }
    codec::XmlElement list(std::string const& more = {}) {
        return *codec::parse_xml(ask({get, "/con?restype=container&comp=list" + more}).text);
    }
};

TEST_F(LifecycleTest, ATierThatCanBeReadChangesAtOnce) {
    put("b", "x");
    EXPECT_EQ(properties().headers.get("x-ms-access-tier-inferred"), "true");
    for (auto const* const tier : {"Cool", "Cold", "Hot"}) {
        EXPECT_EQ(set_tier(tier), 200);
        EXPECT_EQ(tier_of(), tier);
    }
    EXPECT_FALSE(properties().headers.has("x-ms-access-tier-inferred"));
    EXPECT_EQ(properties().headers.get("x-ms-access-tier-change-time"), base::to_rfc1123(clock_.now()));
    EXPECT_EQ(set_tier("Lukewarm"), 400);
    EXPECT_EQ(set_tier("Hot", "Maybe"), 400);
}

TEST_F(LifecycleTest, WhatIsInTheArchiveCanNotBeReadOrChanged) {
    ask({put_verb, "/con/b", Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-access-tier", "Archive"}}, "x"});

    EXPECT_EQ(tier_of(), "Archive");
    EXPECT_EQ(ask({get, "/con/b"}).status, 409);
    EXPECT_EQ(code_of(ask({get, "/con/b"})), "BlobArchived");
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=metadata"})), "BlobArchived");
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=properties"})), "BlobArchived");
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=snapshot"})), "BlobArchived");
    EXPECT_EQ(ask({get, "/con/b?comp=tags"}).status, 200);
    put("b", "y");
    EXPECT_EQ(body_of(ask({get, "/con/b"})), "y");
}

TEST_F(LifecycleTest, ABlobComesBackFromTheArchiveAfterAWhile) {
    put("b", "x");
    EXPECT_EQ(set_tier("Archive"), 200);
    clock_.advance(seconds{60});
    EXPECT_EQ(set_tier("Cool"), 202);
    auto const begun = clock_.now();

    EXPECT_EQ(tier_of(), "Archive rehydrate-pending-to-cool Standard");
    EXPECT_EQ(code_of(ask({get, "/con/b"})), "BlobBeingRehydrated");
    EXPECT_EQ(code_of(tier_answer("Hot")), "BlobBeingRehydrated");
    auto const listed = *list().find("Blobs")->children.at(0).find("Properties");
    EXPECT_EQ(listed.find("ArchiveStatus")->text, "rehydrate-pending-to-cool");
    EXPECT_EQ(listed.find("RehydratePriority")->text, "Standard");

    clock_.advance(seconds{5});
    EXPECT_EQ(tier_of(), "Cool");
    EXPECT_EQ(body_of(ask({get, "/con/b"})), "x");
    auto const settled = properties();
    auto const changed = settled.headers.get("x-ms-access-tier-change-time");
    EXPECT_EQ(changed, base::to_rfc1123(begun + seconds{5}));
    EXPECT_EQ(list().find("Blobs")->children.at(0).find("Properties")->find("AccessTier")->text, "Cool");
}

TEST_F(LifecycleTest, ARehydrationCanBeHastened) {
    put("b", "x");
    set_tier("Archive");
    EXPECT_EQ(set_tier("Hot"), 202);
    EXPECT_EQ(set_tier("Hot", "High"), 202);
    EXPECT_EQ(tier_of(), "Archive rehydrate-pending-to-hot High");
    EXPECT_EQ(set_tier("Hot", "Standard"), 202);
    EXPECT_EQ(tier_of(), "Archive rehydrate-pending-to-hot High");
    clock_.advance(seconds{1});
    EXPECT_EQ(tier_of(), "Hot");
}

TEST_F(LifecycleTest, ASnapshotHasATierOfItsOwn) {
    put("b", "x");
    auto const moment = std::string{ask({put_verb, "/con/b?comp=snapshot"}).headers.get("x-ms-snapshot")};
    EXPECT_EQ(set_tier("Cold", "", "&snapshot=" + moment), 200);

    EXPECT_EQ(tier_of("/con/b?snapshot=" + moment), "Cold");
    EXPECT_EQ(tier_of(), "Hot");
}

TEST_F(LifecycleTest, ACopyComesOutOfTheArchiveByItself) {
    put("b", "x");
    set_tier("Archive");
    EXPECT_EQ(code_of(copy("c", {})), "BlobArchived");
    EXPECT_EQ(code_of(copy("b", Headers{{"x-ms-access-tier", "Hot"}})), "BlobArchived");
    EXPECT_EQ(
        copy("c", Headers{{"x-ms-access-tier", "Hot"}, {"x-ms-rehydrate-priority", "High"}}).status, 202
    );
    EXPECT_EQ(copy("d", Headers{{"x-ms-access-tier", "Archive"}}).status, 202);

    EXPECT_EQ(tier_of("/con/c"), "Archive rehydrate-pending-to-hot High");
    clock_.advance(seconds{1});
    EXPECT_EQ(body_of(ask({get, "/con/c"})), "x");
    EXPECT_EQ(tier_of("/con/d"), "Archive");
    EXPECT_EQ(tier_of(), "Archive");
}

TEST_F(LifecycleTest, ABlobThatExpiresVanishesAtItsTime) {
    put("b", "x");
    clock_.advance(seconds{10});
    EXPECT_EQ(set_expiry("RelativeToCreation", "30000").status, 200);
    EXPECT_EQ(properties().headers.get("x-ms-expiry-time"), base::to_rfc1123(clock_.now() + seconds{20}));
    EXPECT_EQ(set_expiry("RelativeToNow", "30000").status, 200);
    EXPECT_EQ(properties().headers.get("x-ms-expiry-time"), base::to_rfc1123(clock_.now() + seconds{30}));
    EXPECT_NE(list().find("Blobs")->children.at(0).find("Properties")->find("Expiry-Time"), nullptr);

    clock_.advance(seconds{30});
    EXPECT_EQ(code_of(ask({get, "/con/b"})), "BlobNotFound");
    EXPECT_TRUE(list().find("Blobs")->children.empty());
    put("b", "new");
    EXPECT_FALSE(properties().headers.has("x-ms-expiry-time"));
}

TEST_F(LifecycleTest, AnExpiryCanBeAbsoluteAndTakenBack) {
    put("b", "x");
    EXPECT_EQ(set_expiry("Absolute", base::to_rfc1123(clock_.now() + seconds{60})).status, 200);
    EXPECT_EQ(set_expiry("NeverExpire", "").status, 200);
    clock_.advance(seconds{120});
    EXPECT_EQ(ask({get, "/con/b"}).status, 200);

    EXPECT_EQ(set_expiry("Absolute", base::to_rfc1123(clock_.now() - seconds{60})).status, 400);
    EXPECT_EQ(set_expiry("RelativeToNow", "0").status, 400);
    EXPECT_EQ(set_expiry("RelativeToNow", "").status, 400);
    EXPECT_EQ(set_expiry("NeverExpire", "1").status, 400);
    EXPECT_EQ(set_expiry("Someday", "1").status, 400);
    EXPECT_EQ(ask({put_verb, "/con/b?comp=expiry"}).status, 400);
}

TEST_F(LifecycleTest, AListStartsWhereOneSays) {
    for (auto const* const name : {"a", "b/1", "b/2", "c"})
        put(name, "x");
    auto const names = [&](std::string const& more) {
        std::string text;
        auto const root = list(more);
        for (auto const& item : root.find("Blobs")->children)
            text += item.find("Name")->text + " ";
        return text;
    };
    EXPECT_EQ(names("&startFrom=b/2"), "b/2 c ");
    EXPECT_EQ(names("&startFrom=b&delimiter=/"), "b/ c ");
    EXPECT_EQ(names("&startFrom=a&prefix=b/"), "b/1 b/2 ");
    auto const marker = list("&startFrom=b&maxresults=1").find("NextMarker")->text;
    EXPECT_EQ(names("&startFrom=b&maxresults=1&marker=" + http::percent_encode(marker)), "b/2 ");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
