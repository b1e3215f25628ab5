#include "tests/unit/emulator/blob/blob_fixture.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using enum http::Verb;
using Names = std::vector<std::string>;

class TagsTest : public BlobFixture {
protected:
    static constexpr auto put_verb = http::Verb::put;

    void put_tagged(std::string const& target, std::string const& tags) {
        auto const response =
            ask({put_verb, target, Headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-tags", tags}}, "x"});
        ASSERT_EQ(response.status, 201) << response.text;
    }
    http::Response set_tags(std::string const& target, rules::Tags const& tags, Headers headers = {}) {
        std::string body = "<Tags><TagSet>";
        for (auto const& [key, value] : tags)
            body += "<Tag><Key>" + key + "</Key><Value>" + value + "</Value></Tag>";
        return ask({put_verb, target + "?comp=tags", std::move(headers), body + "</TagSet></Tags>"});
    }
    std::string tags_of(std::string const& target) {
        auto const response = ask({get, target});
        EXPECT_EQ(response.status, 200) << response.text;
        return describe_tags(*codec::parse_xml(response.text));
    }
    static std::string describe_tags(codec::XmlElement const& tags) {
        std::string text;
        for (auto const& tag : tags.find("TagSet")->children)
            text += tag.find("Key")->text + "=" + tag.find("Value")->text + ";";
        return text;
    }
    http::Response find(
        std::string const& where, std::string const& more = {}, std::string const& path = ""
    ) {
        auto const restype = path.empty() ? "" : "restype=container&";
        return ask({get, path + "?" + restype + "comp=blobs&where=" + http::percent_encode(where) + more});
    }
    // Sorted "container/name" of all pages.
    Names found(std::string const& where, std::string const& more = {}, std::string const& path = "") {
        Names names;
        std::string marker;
        do {
            auto const response = find(where, more + "&marker=" + http::percent_encode(marker), path);
            EXPECT_EQ(response.status, 200) << response.text;
            auto const root = codec::parse_xml(response.text);
            for (auto const& blob : root->find("Blobs")->children)
                names.push_back(blob.find("ContainerName")->text + "/" + blob.find("Name")->text);
            marker = root->find("NextMarker")->text;
        } while (!marker.empty());
        std::ranges::sort(names);
        return names;
    }
    int status_if(std::string const& condition) {
        return ask({get, "/con/b", Headers{{"x-ms-if-tags", condition}}}).status;
    }
};

TEST_F(TagsTest, AreSetAndReadWithoutTouchingTheBlob) {
    put("b", "x");
    auto const before = ask({head, "/con/b"});
    clock_.advance(std::chrono::minutes{1});
    EXPECT_EQ(set_tags("/con/b", {{"status", "in progress"}, {"a:b", "="}}).status, 204);

    EXPECT_EQ(tags_of("/con/b?comp=tags"), "status=in progress;a:b==;");
    auto const after = ask({head, "/con/b"});
    EXPECT_EQ(after.headers.get("ETag"), before.headers.get("ETag"));
    EXPECT_EQ(after.headers.get("Last-Modified"), before.headers.get("Last-Modified"));
    EXPECT_EQ(after.headers.get("x-ms-tag-count"), "2");
    EXPECT_FALSE(before.headers.has("x-ms-tag-count"));
}

TEST_F(TagsTest, ComeWithAWriteAndGoWithTheNext) {
    put_tagged("/con/b", "first=a%20b&second=c+d");
    EXPECT_EQ(tags_of("/con/b?comp=tags"), "first=a b;second=c d;");
    put("b", "y");
    EXPECT_EQ(tags_of("/con/b?comp=tags"), "");

    ask({put_verb, "/con/b?comp=blocklist", Headers{{"x-ms-tags", "k=v"}}, "<BlockList></BlockList>"});
    EXPECT_EQ(tags_of("/con/b?comp=tags"), "k=v;");
}

TEST_F(TagsTest, OfTheSourceAreCopiedOnlyWhenAsked) {
    put_tagged("/con/b", "k=v");
    auto const copy = [&](std::string const& to, Headers headers) {
        headers.set("x-ms-copy-source", "http://127.0.0.1:10000/acc/con/b");
        return ask({put_verb, "/con/" + to, std::move(headers)}).status;
    };
    EXPECT_EQ(copy("plain", {}), 202);
    EXPECT_EQ(copy("own", Headers{{"x-ms-tags", "own=1"}}), 202);
    EXPECT_EQ(copy("same", Headers{{"x-ms-copy-source-tag-option", "COPY"}}), 202);
    EXPECT_EQ(copy("c", Headers{{"x-ms-copy-source-tag-option", "COPY"}, {"x-ms-tags", "a=b"}}), 400);
    EXPECT_EQ(copy("c", Headers{{"x-ms-source-if-tags", "k = 'w'"}}), 412);
    EXPECT_EQ(copy("c", Headers{{"x-ms-source-if-tags", "k = 'v'"}}), 202);

    EXPECT_EQ(tags_of("/con/plain?comp=tags"), "");
    EXPECT_EQ(tags_of("/con/own?comp=tags"), "own=1;");
    EXPECT_EQ(tags_of("/con/same?comp=tags"), "k=v;");
}

TEST_F(TagsTest, RefusesWhatIsNoTag) {
    put("b", "x");
    EXPECT_EQ(code_of(set_tags("/con/b", rules::Tags(11, {"k", "v"}))), "TagsTooLarge");
    EXPECT_EQ(code_of(set_tags("/con/b", {{"k", "v"}, {"k", "w"}})), "DuplicateTagNames");
    EXPECT_EQ(code_of(set_tags("/con/b", {{"k", "é"}})), "InvalidTag");
    EXPECT_EQ(code_of(ask({put_verb, "/con/b?comp=tags", {}, "<Tags>"})), "InvalidXmlDocument");
    EXPECT_EQ(code_of(set_tags("/con/c", {{"k", "v"}})), "BlobNotFound");
}

TEST_F(TagsTest, AreAConditionOfEveryOperation) {
    put_tagged("/con/b", "status=done&rank=010");
    EXPECT_EQ(status_if("status = 'done'"), 200);
    EXPECT_EQ(status_if("status <> 'done' OR rank > '005'"), 200);
    EXPECT_EQ(status_if("status = 'new'"), 412);
    EXPECT_EQ(status_if("status == 'new'"), 400);
    Headers const unmet{{"x-ms-if-tags", "status = 'new'"}};
    EXPECT_EQ(set_tags("/con/b", {{"k", "v"}}, unmet).status, 412);
    EXPECT_EQ(ask({get, "/con/b?comp=tags", unmet}).status, 412);
    EXPECT_EQ(ask({put_verb, "/con/b?comp=metadata", unmet}).status, 412);
    EXPECT_EQ(ask({get, "/con/b?comp=blocklist", unmet}).status, 412);
    EXPECT_EQ(code_of(ask({remove, "/con/b", unmet})), "ConditionNotMet");
    Headers headers = unmet;
    headers.set("x-ms-blob-type", "BlockBlob");
    EXPECT_EQ(ask({put_verb, "/con/new", headers, "x"}).status, 412);
}

TEST_F(TagsTest, FindBlobsInOneContainerAndInAll) {
    ask({put_verb, "/two?restype=container"});
    put_tagged("/con/a", "status=done&rank=010");
    put_tagged("/con/b", "status=done&rank=020");
    put_tagged("/con/c", "status=new&rank=030");
    put_tagged("/two/a", "status=done");
    put("plain", "x");

    EXPECT_EQ(found("status = 'done'"), (Names{"con/a", "con/b", "two/a"}));
    EXPECT_EQ(found("status = 'done'", "", "/con"), (Names{"con/a", "con/b"}));
    EXPECT_EQ(found("status = 'done' AND @container = 'two'"), Names{"two/a"});
    EXPECT_EQ(found("status = 'done' AND @container = 'no'"), Names{});
    EXPECT_EQ(found("rank > '010' AND rank <= '030'"), (Names{"con/b", "con/c"}));
    EXPECT_EQ(found("status = 'done' AND rank < '020'"), Names{"con/a"});
    EXPECT_EQ(code_of(find("status = 'done'", "", "/none")), "ContainerNotFound");
    EXPECT_EQ(code_of(find("status = done")), "InvalidQueryParameterValue");
    EXPECT_EQ(code_of(ask({get, "?comp=blobs"})), "MissingRequiredQueryParameter");

    auto const root = codec::parse_xml(find("rank = '020'").text);
    EXPECT_EQ(root->find("Where")->text, "rank = '020'");
    EXPECT_EQ(describe_tags(*root->find("Blobs")->children.at(0).find("Tags")), "rank=020;");
}

TEST_F(TagsTest, PagesOfAFindHoldResultsOnlyAndMissNone) {
    ask({put_verb, "/two?restype=container"});
    Names expected;
    for (int i = 0; i < 7; ++i) {
        auto const name = "b" + std::to_string(i);
        put_tagged("/con/" + name, "k=v&odd=" + std::to_string(i % 2));
        put_tagged("/two/" + name, "k=" + std::to_string(i) + "&odd=" + std::to_string(i % 2));
        if (i % 2 == 1) expected.insert(expected.end(), {"con/" + name, "two/" + name});
    }
    std::ranges::sort(expected);
    for (int const size : {1, 2, 3, 6}) {
        auto const more = "&maxresults=" + std::to_string(size);
        EXPECT_EQ(found("odd = '1' AND k >= '0'", more), expected) << size;
        auto const root = codec::parse_xml(find("odd = '1' AND k >= '0'", more).text);
        EXPECT_EQ(root->find("Blobs")->children.size(), static_cast<std::size_t>(size));
    }
    EXPECT_EQ(code_of(find("k = 'v'", "&marker=nonsense")), "InvalidQueryParameterValue");
}

TEST_F(TagsTest, TheIndexFollowsEveryChange) {
    put_tagged("/con/b", "k=1");
    set_tags("/con/b", {{"k", "2"}});
    EXPECT_EQ(found("k = '1'"), Names{});
    EXPECT_EQ(found("k = '2'"), Names{"con/b"});
    put("b", "x");
    EXPECT_EQ(found("k > '0'"), Names{});
    put_tagged("/con/b", "k=3");
    ask({remove, "/con/b"});
    EXPECT_EQ(found("k > '0'"), Names{});

    service_.policies().change("acc", [](cases::AccountPolicy& policy) { policy.blob_retention_days = 7; });
    put_tagged("/con/b", "k=4");
    ask({remove, "/con/b"});
    EXPECT_EQ(found("k > '0'"), Names{});
    ask({put_verb, "/con/b?comp=undelete"});
    EXPECT_EQ(found("k > '0'"), Names{"con/b"});
    put_tagged("/con/b", "k=5");
    EXPECT_EQ(found("k > '0'"), Names{"con/b"});
    ask({remove, "/con?restype=container"});
    EXPECT_EQ(found("k > '0'"), Names{});
}

TEST_F(TagsTest, VersionsAreFoundOnlyWhenAskedFor) {
    service_.policies().change("acc", [](cases::AccountPolicy& policy) { policy.keeps_versions = true; });
    put_tagged("/con/b", "k=1");
    auto const old = std::string{ask({head, "/con/b"}).headers.get("x-ms-version-id")};
    clock_.advance(std::chrono::seconds{1});
    put_tagged("/con/b", "k=2");

    EXPECT_EQ(found("k > '0'"), Names{"con/b"});
    EXPECT_EQ(found("k > '0'", "&include=versions"), (Names{"con/b", "con/b"}));
    EXPECT_EQ(tags_of("/con/b?comp=tags&versionid=" + old), "k=1;");
    auto const body = "<Tags><TagSet><Tag><Key>k</Key><Value>0</Value></Tag></TagSet></Tags>";
    EXPECT_EQ(ask({put_verb, "/con/b?comp=tags&versionid=" + old, {}, body}).status, 204);
    EXPECT_EQ(tags_of("/con/b?comp=tags&versionid=" + old), "k=0;");
}

TEST_F(TagsTest, ListsShowTagsWhenAsked) {
    put_tagged("/con/b", "k=v");
    auto const list = [&](std::string const& include) {
        auto const text = ask({get, "/con?restype=container&comp=list&include=" + include}).text;
        auto const root = codec::parse_xml(text);
        return root->find("Blobs")->children.at(0);
    };
    EXPECT_EQ(describe_tags(*list("tags").find("Tags")), "k=v;");
    EXPECT_EQ(list("metadata").find("Tags"), nullptr);
    EXPECT_EQ(list("metadata").find("Properties")->find("TagCount")->text, "1");
}

TEST_F(TagsTest, ASignatureNeedsAPermissionForThem) {
    put_tagged("/con/b", "k=v");
    auto const by = [&](std::string const& permissions, Ask request) {
        request.target +=
            (request.target.find('?') == std::string::npos ? "?" : "&") + service_sas(permissions);
        return ask_anonymously(request).status;
    };
    EXPECT_EQ(by("r", {get, "/con/b?comp=tags"}), 403);
    EXPECT_EQ(by("t", {get, "/con/b?comp=tags"}), 200);
    EXPECT_EQ(by("r", {get, "/con/b", Headers{{"x-ms-if-tags", "k = 'v'"}}}), 403);
    EXPECT_EQ(by("rt", {get, "/con/b", Headers{{"x-ms-if-tags", "k = 'v'"}}}), 200);
    EXPECT_EQ(by("l", {get, "/con?restype=container&comp=list&include=tags"}), 403);
    EXPECT_EQ(by("lt", {get, "/con?restype=container&comp=list&include=tags"}), 200);
    Headers const tagged{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-tags", "k=v"}};
    EXPECT_EQ(by("w", {put_verb, "/con/c", tagged, "x"}), 403);
    EXPECT_EQ(by("wt", {put_verb, "/con/c", tagged, "x"}), 201);
    auto const where = "/con?restype=container&comp=blobs&where=" + http::percent_encode("k = 'v'");
    EXPECT_EQ(by("l", {get, where}), 403);
    EXPECT_EQ(by("f", {get, where}), 200);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
