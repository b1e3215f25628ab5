#include "tests/unit/emulator/blob/copy_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;

// What clients of older versions of the service see.
class OldFormsTest : public CopyFixture {
protected:
    // What came with a version: the one before it, and that version.
    struct Newcomer {
        char const* name;
        char const* before;
        char const* since;
    };
    template <class Has>
    static void expect_since(Has const& has, std::vector<Newcomer> const& newcomers) {
        for (auto const& [name, before, since] : newcomers) {
            EXPECT_FALSE(has(before, name)) << name << " in " << before;
            EXPECT_TRUE(has(since, name)) << name << " in " << since;
        }
    }
    // Signed as clients did before 2015-02-21: a length of zero was part of it.
    http::Response ask_as(std::string const& version, Ask request) {
        request.headers.set("x-ms-version", version);
        bool const signs_zero = version < "2015-02-21" && request.verb == put_verb && request.body.empty();
        if (!signs_zero) return ask(request);
        http::OutgoingRequest outgoing;
        outgoing.verb = request.verb;
        outgoing.url = "http://127.0.0.1:10000/acc" + request.target;
        outgoing.headers = request.headers;
        outgoing.headers.set("x-ms-date", base::to_rfc1123(clock_.now()));
        outgoing.headers.set("Content-Length", "0");
        http::RequestHead head;
        EXPECT_TRUE(http::parse_target("/acc" + request.target, head));
        azure::SharedKeySubject const subject{
            request.verb, {}, head.path, head.query, outgoing.headers, "acc"};
        auto const text = azure::shared_key_string_to_sign(subject, azure::SharedKeyScheme::shared_key);
        outgoing.headers.set(
            "Authorization", "SharedKey acc:" + azure::sign_storage_text(kKey, text).value_or("")
        );
        return http::ask(service_, outgoing);
    }
    codec::XmlElement list_as(std::string const& version, std::string const& target) {
        auto const answer = ask_as(version, {get, target});
        EXPECT_EQ(answer.status, 200) << answer.text;
        return codec::parse_xml(answer.text).value_or(codec::XmlElement{});
    }
    codec::XmlElement blobs_as(std::string const& version, std::string const& more = {}) {
        return list_as(version, "/con?restype=container&comp=list" + more);
    }

    static codec::XmlElement item(
        codec::XmlElement const& list, std::string_view kind, std::size_t index = 0
    ) {
        auto const* const items = list.find(kind);
        if (items == nullptr || items->children.size() <= index) return {};
        return items->children[index];
    }
    static std::vector<std::string> names_in(codec::XmlElement const* parent) {
        std::vector<std::string> names;
        if (parent == nullptr) return names;
        for (auto const& child : parent->children)
            names.push_back(child.name);
        return names;
    }
    static std::string text_of(codec::XmlElement const& parent, std::string_view name) {
        auto const* const child = parent.find(name);
        return child == nullptr ? std::string{} : child->text;
    }
};

TEST_F(OldFormsTest, ListsOfBlobsHadTheElementsOfTheirVersion) {
    put("a%20b/%C3%A4", "content");

    auto const list = blobs_as("2009-09-19", "&include=metadata");

    EXPECT_EQ(list.attribute("ContainerName"), "http://127.0.0.1:10000/acc/con");
    EXPECT_EQ(list.attribute("ServiceEndpoint"), "");
    auto const blob = item(list, "Blobs");
    EXPECT_EQ(names_in(&blob), (std::vector<std::string>{"Name", "Url", "Properties", "Metadata"}));
    EXPECT_EQ(text_of(blob, "Url"), "http://127.0.0.1:10000/acc/con/a%20b/%C3%A4");
    EXPECT_EQ(
        names_in(blob.find("Properties")),
        (std::vector<std::string>{
            "Last-Modified",
            "Etag",
            "Content-Length",
            "Content-Type",
            "Content-Encoding",
            "Content-Language",
            "Content-MD5",
            "Cache-Control",
            "BlobType",
            "LeaseStatus"})
    );
}

TEST_F(OldFormsTest, UrlsOfItemsReadThem) {
    put("a%20b", "old");
    auto const made = ask({put_verb, "/con/a%20b?comp=snapshot"});
    put("a%20b", "new");
    auto const list = blobs_as("2012-02-12", "&include=snapshots");
    std::string const endpoint = "http://127.0.0.1:10000/acc";

    std::vector<std::string> read;
    for (std::size_t i = 0; i < 2; ++i) {
        auto const url = text_of(item(list, "Blobs", i), "Url");
        ASSERT_TRUE(url.starts_with(endpoint)) << url;
        read.push_back(body_of(ask({get, url.substr(endpoint.size())})));
    }

    EXPECT_EQ(read, (std::vector<std::string>{"old", "new"})) << made.headers.get("x-ms-snapshot");
}

TEST_F(OldFormsTest, UrlsInTheRootContainerLeaveItOut) {
    ASSERT_EQ(ask({put_verb, "/$root?restype=container"}).status, 201);
    ASSERT_EQ(ask({put_verb, "/$root/r", Headers{{"x-ms-blob-type", "BlockBlob"}}, "x"}).status, 201);

    auto const list = list_as("2009-09-19", "/$root?restype=container&comp=list");

    EXPECT_EQ(list.attribute("ContainerName"), "http://127.0.0.1:10000/acc/%24root");
    EXPECT_EQ(text_of(item(list, "Blobs"), "Url"), "http://127.0.0.1:10000/acc/r");
}

TEST_F(OldFormsTest, ListsOfContainersHadTheElementsOfTheirVersion) {
    auto const old = list_as("2009-09-19", "?comp=list");
    auto const leased = list_as("2012-02-12", "?comp=list");
    auto const newer = list_as("2013-08-15", "?comp=list");

    EXPECT_EQ(old.attribute("AccountName"), "http://127.0.0.1:10000/acc/");
    auto const container = item(old, "Containers");
    EXPECT_EQ(text_of(container, "Url"), "http://127.0.0.1:10000/acc/con");
    EXPECT_EQ(names_in(container.find("Properties")), (std::vector<std::string>{"Last-Modified", "Etag"}));
    EXPECT_EQ(text_of(*container.find("Properties"), "Etag").find('"'), std::string::npos);
    auto const later = item(leased, "Containers");
    EXPECT_EQ(
        names_in(later.find("Properties")),
        (std::vector<std::string>{"Last-Modified", "Etag", "LeaseStatus", "LeaseState"})
    );
    EXPECT_EQ(text_of(*later.find("Properties"), "Etag").front(), '"');
    EXPECT_EQ(newer.attribute("ServiceEndpoint"), "http://127.0.0.1:10000/acc/");
    EXPECT_EQ(item(newer, "Containers").find("Url"), nullptr);
}

TEST_F(OldFormsTest, EachElementOfAListCameWithOneVersion) {
    put("b", "x");
    copy(own("b"));
    ask(
        {put_verb,
         "/con/copy?comp=tags",
         {},
         "<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>"}
    );
    // The copy is the second of two.
    auto const has = [&](std::string const& version, std::string_view element) {
        auto const blob = item(blobs_as(version, "&include=copy"), "Blobs", 1);
        return blob.find("Properties")->find(element) != nullptr;
    };
    expect_since(
        has,
        {
            {"LeaseState", "2011-08-18", "2012-02-12"},
            {"CopyStatus", "2011-08-18", "2012-02-12"},
            {"Content-Disposition", "2012-02-12", "2013-08-15"},
            {"ServerEncrypted", "2015-07-08", "2015-12-11"},
            {"AccessTier", "2016-05-31", "2017-04-17"},
            {"Creation-Time", "2017-07-29", "2017-11-09"},
            {"Content-CRC64", "2018-11-09", "2019-02-02"},
            {"TagCount", "2019-07-07", "2019-12-12"},
        }
    );
}

TEST_F(OldFormsTest, ListsWithAppendBlobsAreConflictsBeforeTheseWereThere) {
    ASSERT_EQ(ask({put_verb, "/con/log", Headers{{"x-ms-blob-type", "AppendBlob"}}}).status, 201);
    put("b", "x");

    auto const refused = ask_as("2014-02-14", {get, "/con?restype=container&comp=list"});

    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(code_of(refused), "FeatureVersionMismatch");
    EXPECT_EQ(ask_as("2014-02-14", {get, "/con?restype=container&comp=list&prefix=b"}).status, 200);
    EXPECT_EQ(ask_as("2015-02-21", {get, "/con?restype=container&comp=list"}).status, 200);
}

TEST_F(OldFormsTest, EachHeaderOfAnAnswerCameWithOneVersion) {
    put("b", "x");
    copy(own("b"), Headers{{"x-ms-tags", "k=v"}});
    ask({put_verb, "/con/copy?comp=properties", Headers{{"x-ms-blob-content-disposition", "attachment"}}});
    auto const has = [&](std::string const& version, std::string_view header) {
        return ask_as(version, {head, "/con/copy"}).headers.has(header);
    };
    expect_since(
        has,
        {
            {"Accept-Ranges", "2009-09-19", "2011-08-18"},
            {"x-ms-lease-state", "2011-08-18", "2012-02-12"},
            {"Content-Disposition", "2012-02-12", "2013-08-15"},
            {"x-ms-server-encrypted", "2015-07-08", "2015-12-11"},
            {"x-ms-access-tier", "2016-05-31", "2017-04-17"},
            {"x-ms-creation-time", "2017-07-29", "2017-11-09"},
            {"x-ms-tag-count", "2019-07-07", "2019-12-12"},
        }
    );
}

TEST_F(OldFormsTest, CopiesWereDoneAtOnceAndLeftNoTrace) {
    put("b", "content");
    for (auto const* const version : {"2009-09-19", "2011-08-18"}) {
        for (std::string const& source : {std::string{"/acc/con/b"}, own("b")}) {
            auto const answer =
                ask_as(version, {put_verb, "/con/copy", Headers{{"x-ms-copy-source", source}}});
            EXPECT_EQ(answer.status, 201) << version << " " << source;
            EXPECT_FALSE(answer.headers.has("x-ms-copy-id"));
            EXPECT_FALSE(answer.headers.has("x-ms-copy-status"));
            EXPECT_EQ(read("copy"), "content");
            EXPECT_EQ(property("x-ms-copy-status"), "");
        }
    }
    EXPECT_EQ(
        ask_as("2012-02-12", {put_verb, "/con/copy", Headers{{"x-ms-copy-source", own("b")}}}).status, 202
    );
    EXPECT_EQ(property("x-ms-copy-status"), "success");
}

TEST_F(OldFormsTest, CopiesTookSnapshotsAndBlobsOfTheRootByTheirPath) {
    put("b", "old");
    auto const moment = std::string{ask({put_verb, "/con/b?comp=snapshot"}).headers.get("x-ms-snapshot")};
    put("b", "new");
    ASSERT_EQ(ask({put_verb, "/$root?restype=container"}).status, 201);
    ASSERT_EQ(ask({put_verb, "/r", Headers{{"x-ms-blob-type", "BlockBlob"}}, "rooted"}).status, 201);
    auto const copy_of = [&](std::string const& source) {
        ask_as("2009-09-19", {put_verb, "/con/copy", Headers{{"x-ms-copy-source", source}}});
        return read("copy");
    };

    EXPECT_EQ(copy_of("/acc/con/b?snapshot=" + moment), "old");
    EXPECT_EQ(copy_of("/acc/r"), "rooted");
}

TEST_F(OldFormsTest, CopiesStayedWithinTheirAccount) {
    put("b", "x");
    auto const copy_from = [&](char const* version, std::string const& source) {
        return code_of(ask_as(version, {put_verb, "/con/copy", Headers{{"x-ms-copy-source", source}}}));
    };

    EXPECT_EQ(copy_from("2011-08-18", "/other/con/b"), "CopyAcrossAccountsNotSupported");
    EXPECT_EQ(copy_from("2011-08-18", kFile), "InvalidHeaderValue");
    EXPECT_EQ(copy_from("2011-08-18", "/acc"), "InvalidHeaderValue");
    EXPECT_EQ(copy_from("2012-02-12", "/acc/con/b"), "InvalidHeaderValue");
    EXPECT_EQ(ask({get, "/con/copy"}).status, 404);
}

TEST_F(OldFormsTest, LeasesWereForAMinute) {
    put("b", "x");
    Ask const acquire{put_verb, "/con/b?comp=lease", Headers{{"x-ms-lease-action", "acquire"}}};

    EXPECT_EQ(code_of(ask_as("2012-02-12", acquire)), "MissingRequiredHeader");
    EXPECT_EQ(ask_as("2011-08-18", acquire).status, 201);

    EXPECT_EQ(property("x-ms-lease-duration", "b"), "fixed");
    clock_.advance(std::chrono::seconds{59});
    EXPECT_EQ(property("x-ms-lease-state", "b"), "leased");
    clock_.advance(std::chrono::seconds{2});
    EXPECT_EQ(property("x-ms-lease-state", "b"), "expired");
}

TEST_F(OldFormsTest, ReadsIgnoredIfNoneMatchOfAnything) {
    put("b", "content");
    Headers const any{{"If-None-Match", "*"}};
    for (auto const& [verb, target] :
         {std::pair{get, "/con/b"}, std::pair{head, "/con/b"}, std::pair{get, "/con/b?comp=metadata"}}) {
        EXPECT_EQ(ask_as("2015-12-11", {verb, target, any}).status, 200) << target;
        EXPECT_EQ(ask_as("2016-05-31", {verb, target, any}).status, 400) << target;
    }
    EXPECT_EQ(ask_as("2015-12-11", {put_verb, "/con/b?comp=metadata", any}).status, 412);
}

TEST_F(OldFormsTest, RangesDidNotTellTheDigestOfTheWhole) {
    put("b", "content");
    Headers const range{{"x-ms-range", "bytes=0-2"}};

    EXPECT_FALSE(ask_as("2015-12-11", {get, "/con/b", range}).headers.has("x-ms-blob-content-md5"));
    EXPECT_TRUE(ask_as("2016-05-31", {get, "/con/b", range}).headers.has("x-ms-blob-content-md5"));
}

}  // namespace
}  // namespace bluebatch::emulator::blob
