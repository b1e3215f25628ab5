#include "emulator/blob/versions.hpp"

#include "tests/unit/emulator/blob/blob_fixture.hpp"

namespace bluebatch::emulator::blob {
namespace {

constexpr std::uint64_t kOneMiB = 1 << 20;

class VersionsTest : public BlobFixture {
protected:
    http::Response ask_as(std::string const& version, Ask request) {
        request.headers.set("x-ms-version", version);
        return ask(request);
    }

    void set_default(std::string const& version) {
        auto const document = "<StorageServiceProperties><DefaultServiceVersion>" + version +
                              "</DefaultServiceVersion></StorageServiceProperties>";
        ASSERT_EQ(ask({http::Verb::put, "?restype=service&comp=properties", {}, document}).status, 202);
    }
};

TEST(Versions, HaveAForm) {
    EXPECT_TRUE(is_version("2021-12-02"));
    for (auto const* const text : {"", "2021-12-2", "2021/12/02", "2021-12-02 ", "abcd-ef-gh"})
        EXPECT_FALSE(is_version(text)) << text;
}

TEST(Versions, AreOfTheHeaderElseOfTheQueryElseOfTheSignature) {
    http::RequestHead head;
    ASSERT_TRUE(http::parse_target("/acc/con/b?sv=2019-07-07", head));
    EXPECT_EQ(named_version(head), "2019-07-07");
    ASSERT_TRUE(http::parse_target("/acc/con/b?sv=2019-07-07&api-version=2020-02-10", head));
    EXPECT_EQ(named_version(head), "2020-02-10");
    head.headers.set("x-ms-version", "2021-12-02");
    EXPECT_EQ(named_version(head), "2021-12-02");
    EXPECT_EQ(named_version(http::RequestHead{}), std::nullopt);
}

TEST_F(VersionsTest, AreTheDefaultOfTheAccountWhereARequestNamesNone) {
    put("a", "content");
    ASSERT_EQ(
        ask({http::Verb::put,
             "/con?restype=container&comp=acl",
             http::Headers{{"x-ms-blob-public-access", "blob"}}}
        ).status,
        200
    );
    auto const version_of_reading = [&](http::Headers headers) {
        return std::string{
            ask_anonymously({http::Verb::get, "/con/a", std::move(headers)}).headers.get("x-ms-version")};
    };
    EXPECT_EQ(version_of_reading({}), "2009-09-19");

    set_default("2019-12-12");

    auto const answer = ask_anonymously({http::Verb::get, "/con/a"});
    EXPECT_EQ(answer.headers.get("x-ms-version"), "2019-12-12");
    EXPECT_TRUE(answer.headers.get("ETag").starts_with('"'));
    EXPECT_EQ(version_of_reading({{"x-ms-version", "2015-12-11"}}), "2015-12-11");
    auto const sas = service_sas("r", "a");
    EXPECT_EQ(ask_anonymously({http::Verb::get, "/con/a?" + sas}).status, 200);
    EXPECT_NE(ask_anonymously({http::Verb::get, "/con/a?" + sas}).headers.get("x-ms-version"), "2019-12-12");
}

TEST_F(VersionsTest, OfTheAccountDecideWhatAnonymousRequestsLearnAndHowMuchOnesWithAKeyMayBring) {
    EXPECT_EQ(ask_anonymously({http::Verb::get, "/con/a"}).status, 404);
    std::string const block(5 * kOneMiB, 'x');
    auto const put_block = [&] {
        http::OutgoingRequest request;
        request.verb = http::Verb::put;
        request.url = "http://127.0.0.1:10000/acc/con/a?comp=block&blockid=MDAwMQ%3D%3D";
        request.body = block;
        request.headers.set("x-ms-date", base::to_rfc1123(clock_.now()));
        http::RequestHead head;
        EXPECT_TRUE(http::parse_target("/acc/con/a?comp=block&blockid=MDAwMQ%3D%3D", head));
        azure::sign_with_shared_key(
            request.verb, head.path, head.query, request.headers, block.size(), {"acc", kKey}
        );
        return http::ask(service_, request).status;
    };
    EXPECT_EQ(put_block(), 413);

    set_default("2019-12-12");

    EXPECT_EQ(ask_anonymously({http::Verb::get, "/con/a"}).status, 401);
    EXPECT_EQ(put_block(), 201);
}

TEST_F(VersionsTest, OfOneAccountAreNotThoseOfAnother) {
    set_default("2019-12-12");

    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:10000/other/con/a";

    EXPECT_EQ(http::ask(service_, request).headers.get("x-ms-version"), "2009-09-19");
}

TEST_F(VersionsTest, OfAccountsOutliveTheService) {
    set_default("2019-12-12");

    BlobService again{options(), clock_, random_};
    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:10000/acc/con/a";

    EXPECT_EQ(http::ask(again, request).headers.get("x-ms-version"), "2019-12-12");
}

TEST(Versions, LimitWhatARequestMayBring) {
    struct Row {
        char const* version;
        std::uint64_t blob, block, append_block;  // MiB
    };
    for (auto const& [version, blob, block, append_block] : {
             Row{"2009-09-19", 64, 4, 4},
             Row{"2016-05-30", 64, 4, 4},
             Row{"2016-05-31", 256, 100, 4},
             Row{"2019-12-11", 256, 100, 4},
             Row{"2019-12-12", 5000, 4000, 4},
             Row{"2022-11-02", 5000, 4000, 100},
             Row{"2099-01-01", 5000, 4000, 100},
         }) {
        auto const limits = limits_of(version);
        EXPECT_EQ(limits.blob, blob * kOneMiB) << version;
        EXPECT_EQ(limits.block, block * kOneMiB) << version;
        EXPECT_EQ(limits.append_block, append_block * kOneMiB) << version;
    }
}

TEST_F(VersionsTest, QuoteEntityTagsFromOneOnAndTakeThemInAnyForm) {
    put("a", "content");
    auto const quoted = std::string{ask_as("2011-08-18", {http::Verb::get, "/con/a"}).headers.get("ETag")};
    auto const old = ask_as("2009-09-19", {http::Verb::get, "/con/a"});
    auto const bare = std::string{old.headers.get("ETag")};
    EXPECT_EQ(quoted, '"' + bare + '"');
    EXPECT_FALSE(old.headers.has("Accept-Ranges"));
    EXPECT_TRUE(ask_as("2011-08-18", {http::Verb::get, "/con/a"}).headers.has("Accept-Ranges"));
    for (auto const& tag : {quoted, bare}) {
        auto const answer =
            ask_as("2009-09-19", {http::Verb::get, "/con/a", http::Headers{{"If-None-Match", tag}}});
        EXPECT_EQ(answer.status, 304) << tag;
    }
}

TEST_F(VersionsTest, RefuseWhatWasTooLargeThen) {
    std::string const body(5 * kOneMiB, 'x');
    Ask const block{http::Verb::put, "/con/a?comp=block&blockid=MDAwMQ%3D%3D", {}, body};
    auto const refused = ask_as("2015-12-11", block);
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(refused.headers.get("x-ms-error-code"), "RequestBodyTooLarge");
    EXPECT_EQ(ask_as("2016-05-31", block).status, 201);
}

}  // namespace
}  // namespace bluebatch::emulator::blob
