#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

using http::Headers;
using http::Verb;

class WebsiteTest : public BlobFixture {
protected:
    void set_website(std::string const& members) {
        auto const document = "<StorageServiceProperties><StaticWebsite>" + members +
                              "</StaticWebsite></StorageServiceProperties>";
        ASSERT_EQ(ask({Verb::put, "?restype=service&comp=properties", {}, document}).status, 202);
    }
    void put_page(std::string const& name, std::string const& text) {
        Headers const headers{{"x-ms-blob-type", "BlockBlob"}, {"x-ms-blob-content-type", "text/html"}};
        ASSERT_EQ(ask({Verb::put, "/$web/" + name, headers, text}).status, 201);
    }
    http::Response browse(
        std::string const& path,
        Headers headers = {},
        Verb verb = Verb::get,
        std::string const& origin = "http://acc.web.localhost:10000"
    ) {
        http::OutgoingRequest request;
        request.verb = verb;
        request.url = origin + path;
        request.headers = std::move(headers);
        return http::ask(service_, request);
    }
    void SetUp() override {
        BlobFixture::SetUp();
        set_website(
            "<Enabled>true</Enabled><IndexDocument>index.html</IndexDocument>"
            "<ErrorDocument404Path>errors/404.html</ErrorDocument404Path>"
        );
        put_page("index.html", "home");
        put_page("docs/index.html", "docs");
        put_page("docs/a%20b.html", "page");
    }
};

TEST_F(WebsiteTest, ShowsDocumentsToAnybody) {
    auto const page = browse("/docs/a%20b.html?query=1");

    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(body_of(page), "page");
    EXPECT_EQ(page.headers.get("Content-Type"), "text/html");
    EXPECT_TRUE(page.headers.get("Server").starts_with("Windows-Azure-Web/1.0"));
    EXPECT_TRUE(page.headers.has("ETag"));
    EXPECT_FALSE(page.headers.has("x-ms-blob-type"));
    EXPECT_EQ(
        body_of(browse("/docs/a%20b.html", {}, Verb::get, "http://acc.z13.web.core.windows.net")), "page"
    );
    EXPECT_EQ(body_of(browse("/acc-web/docs/a%20b.html", {}, Verb::get, "http://127.0.0.1:10000")), "page");
}

TEST_F(WebsiteTest, ShowsTheIndexOfEveryFolder) {
    EXPECT_EQ(body_of(browse("/")), "home");
    EXPECT_EQ(body_of(browse("")), "home");
    EXPECT_EQ(body_of(browse("/docs/")), "docs");
    EXPECT_EQ(body_of(browse("/docs")), "docs");
}

TEST_F(WebsiteTest, ShowsTheDefaultIndexWhereFoldersHaveNone) {
    set_website("<Enabled>true</Enabled><DefaultIndexDocumentPath>docs/a b.html</DefaultIndexDocumentPath>");

    EXPECT_EQ(body_of(browse("/")), "page");
    EXPECT_EQ(body_of(browse("/docs/")), "page");
    EXPECT_EQ(browse("/docs").status, 404);
}

TEST_F(WebsiteTest, ShowsTheErrorDocumentOrSaysItself) {
    auto const plain = browse("/none");
    EXPECT_EQ(plain.status, 404);
    EXPECT_EQ(plain.headers.get("Content-Type"), "text/html");
    EXPECT_EQ(code_of(plain), "WebContentNotFound");
    EXPECT_NE(plain.text.find("<h1>The requested content does not exist.</h1>"), std::string::npos);

    put_page("errors/404.html", "nothing here");
    auto const page = browse("/none", Headers{{"Range", "bytes=0-1"}});
    EXPECT_EQ(page.status, 404);
    EXPECT_EQ(body_of(page), "nothing here");
}

TEST_F(WebsiteTest, AnswersRangesConditionsAndHead) {
    auto const part = browse("/index.html", Headers{{"Range", "bytes=1-2"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(body_of(part), "om");
    EXPECT_EQ(browse("/index.html", Headers{{"Range", "bytes=9-"}}).status, 416);
    auto const tag = std::string{browse("/index.html").headers.get("ETag")};
    EXPECT_EQ(browse("/index.html", Headers{{"If-None-Match", tag}}).status, 304);
    EXPECT_EQ(browse("/", {}, Verb::head).status, 200);
    EXPECT_EQ(browse("/none", {}, Verb::head).text, "");
    EXPECT_EQ(browse("/", {}, Verb::put).status, 405);
}

TEST_F(WebsiteTest, IsThereOnlyWhileItIsEnabled) {
    set_website("<Enabled>false</Enabled>");

    EXPECT_EQ(browse("/").status, 404);
    EXPECT_EQ(ask({Verb::get, "/$web/index.html"}).status, 200);
    EXPECT_EQ(browse("/", {}, Verb::get, "http://other.web.localhost:10000").status, 404);
}

TEST_F(WebsiteTest, OpensNothingElseToAnybody) {
    put("secret", "x");

    EXPECT_EQ(browse("/con/secret").status, 404);
    EXPECT_EQ(browse("/../con/secret").status, 404);
    EXPECT_EQ(
        ask_anonymously({Verb::get, "/$web/index.html", Headers{{"x-ms-version", "2021-12-02"}}}).status, 401
    );
}

class RootContainerTest : public BlobFixture {
protected:
    void SetUp() override {
        BlobFixture::SetUp();
        ASSERT_EQ(ask({Verb::put, "/$root?restype=container"}).status, 201);
    }
};

TEST_F(RootContainerTest, HasShortUrlsForItsBlobs) {
    Headers const headers{{"x-ms-blob-type", "BlockBlob"}};

    EXPECT_EQ(ask({Verb::put, "/Crossdomain.xml", headers, "<x/>"}).status, 201);
    EXPECT_EQ(body_of(ask({Verb::get, "/Crossdomain.xml"})), "<x/>");
    EXPECT_EQ(body_of(ask({Verb::get, "/$root/Crossdomain.xml"})), "<x/>");
    EXPECT_EQ(ask({Verb::head, "/Crossdomain.xml"}).content_length, 4U);
    EXPECT_EQ(ask({Verb::put, "/Crossdomain.xml?comp=metadata", Headers{{"x-ms-meta-a", "1"}}}).status, 200);
    EXPECT_EQ(ask({Verb::get, "/Crossdomain.xml?comp=metadata"}).headers.get("x-ms-meta-a"), "1");
    EXPECT_EQ(ask({Verb::remove, "/Crossdomain.xml"}).status, 202);
    EXPECT_EQ(code_of(ask({Verb::get, "/Crossdomain.xml"})), "BlobNotFound");
}

TEST_F(RootContainerTest, TakesSignaturesForItsShortUrls) {
    ask({Verb::put, "/open", Headers{{"x-ms-blob-type", "BlockBlob"}}, "sesame"});
    azure::ServiceSasOptions options;
    options.account = "acc";
    options.key_base64 = kKey;
    options.container = "$root";
    options.blob = "open";
    options.permissions = "r";
    options.expiry = clock_.now() + std::chrono::hours{1};

    EXPECT_EQ(body_of(ask_anonymously({Verb::get, "/open?" + azure::make_service_sas(options)})), "sesame");
}

TEST_F(RootContainerTest, IsOpenToAnybodyWhenItIsPublic) {
    ask({Verb::put, "/open", Headers{{"x-ms-blob-type", "BlockBlob"}}, "sesame"});
    EXPECT_EQ(ask_anonymously({Verb::get, "/open"}).status, 404);

    ask({Verb::put, "/$root?restype=container&comp=acl", Headers{{"x-ms-blob-public-access", "blob"}}});

    EXPECT_EQ(body_of(ask_anonymously({Verb::get, "/open"})), "sesame");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
