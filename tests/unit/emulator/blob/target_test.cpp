#include "emulator/blob/target.hpp"

#include <gmock/gmock.h>

namespace bluebatch::emulator::blob {
namespace {

BlobAccounts& accounts() {
    static BlobAccounts list(std::vector<BlobAccount>{{"one", {"a2V5"}}, {"two", {"a2V5"}}});
    return list;
}

azure::StorageResult<Target> parse(std::string const& host, std::string_view target) {
    http::RequestHead head;
    head.headers.set("Host", host);
    EXPECT_TRUE(http::parse_target(target, head));
    return parse_target(head, accounts());
}

TEST(Target, IsReadInPathStyle) {
    auto const target = parse("127.0.0.1:10000", "/two/con/a/b%2Fc%20d").value();

    EXPECT_EQ(target.address.account, "two");
    EXPECT_EQ(target.address.container, "con");
    EXPECT_EQ(target.address.blob, "a/b/c d");
    EXPECT_EQ(target.level, Level::blob);
    EXPECT_EQ(target.endpoint, "http://127.0.0.1:10000/two/");
}

TEST(Target, IsReadInHostStyle) {
    for (auto const* const host : {"one.blob.localhost:10000", "ONE.blob.core.windows.net"}) {
        auto const target = parse(host, "/con/b").value();

        EXPECT_EQ(target.address.account, "one") << host;
        EXPECT_EQ(target.address.container, "con") << host;
        EXPECT_EQ(target.endpoint, std::string{"http://"} + host + "/");
    }
}

TEST(Target, NamesAccountsForGuests) {
    BlobAccounts accounts;
    accounts.on_guest([&](std::string const& name) -> std::string {
        if (name == "bad") return "There are enough.";
        accounts.put(std::make_shared<BlobAccount const>(BlobAccount{name, {"a2V5"}, true}));
        return {};
    });
    auto const account_at = [&](std::string const& host, bool is_guest) {
        http::RequestHead head;
        head.headers.set("Host", host);
        head.is_guest = is_guest;
        EXPECT_TRUE(http::parse_target("/con/b", head));
        auto const target = parse_target(head, accounts);
        return target ? target->account->name : target.error().message;
    };
    EXPECT_THAT(account_at("films.blob.core.windows.net", false), testing::HasSubstr("no account 'films'"));
    EXPECT_THAT(account_at("films.blob.localhost", true), testing::HasSubstr("no account"));
    EXPECT_THAT(
        account_at("bad.blob.core.windows.net", true), testing::HasSubstr("'bad' here. There are enough.")
    );
    EXPECT_EQ(account_at("Films-secondary.blob.core.windows.net", true), "films");
    EXPECT_EQ(account_at("films.blob.core.windows.net", false), "films");
}

TEST(Target, KnowsItsLevel) {
    EXPECT_EQ(parse("h", "/one").value().level, Level::service);
    EXPECT_EQ(parse("h", "/one/").value().level, Level::service);
    EXPECT_EQ(parse("h", "/one/con?restype=container").value().level, Level::container);
    EXPECT_EQ(parse("h", "/one/con/?restype=account").value().level, Level::container);
    EXPECT_EQ(parse("h", "/one/con/b").value().level, Level::blob);
    EXPECT_EQ(parse("one.blob.localhost", "/").value().level, Level::service);
}

TEST(Target, KeepsDotsAndSlashesOfBlobNames) {
    EXPECT_EQ(parse("h", "/one/con/a//b/").value().address.blob, "a//b/");
    EXPECT_EQ(parse("h", "/one/con/a..").value().address.blob, "a..");
    EXPECT_EQ(parse("h", "/one/con//a").value().address.blob, "/a");
}

TEST(Target, OfOneSegmentIsABlobOfTheRootContainer) {
    for (auto const* const url : {"/one/Index.html", "/one/Index.html?comp=metadata", "/one/Index.html/"}) {
        auto const target = parse("h", url).value();

        EXPECT_EQ(target.level, Level::blob) << url;
        EXPECT_EQ(target.address.container, "$root") << url;
        EXPECT_EQ(target.address.blob, "Index.html") << url;
    }
    EXPECT_EQ(parse("one.blob.localhost", "/a%20b").value().address.blob, "a b");
    EXPECT_EQ(parse("h", "/one/%FF").error().code, azure::StorageErrorCode::invalid_uri);
}

TEST(Target, KnowsTheSecondaryOfAnAccount) {
    auto const target = parse("h", "/one-secondary/con").value();

    EXPECT_EQ(target.replica, Replica::secondary);
    EXPECT_EQ(target.address.account, "one");
}

TEST(Target, IsRefusedForForeignAccountsAndImpossibleNames) {
    EXPECT_EQ(parse("h", "/three/con").error().code, azure::StorageErrorCode::resource_not_found);
    EXPECT_EQ(
        parse("three.blob.localhost", "/con").error().code, azure::StorageErrorCode::resource_not_found
    );
    EXPECT_EQ(
        parse("h", "/one/Con?restype=container").error().code, azure::StorageErrorCode::invalid_resource_name
    );
    EXPECT_EQ(parse("h", "/one/con/%FF").error().code, azure::StorageErrorCode::invalid_uri);
    EXPECT_EQ(parse("h", "/one//b").error().code, azure::StorageErrorCode::invalid_uri);
}

std::string website(std::string const& host, std::string_view target) {
    http::RequestHead head;
    head.headers.set("Host", host);
    EXPECT_TRUE(http::parse_target(target, head));
    auto const site = parse_website(head, accounts());
    return site ? site->account + "|" + site->path : "";
}

TEST(Website, IsNamedByItsHostOrByTheFirstSegment) {
    EXPECT_EQ(website("one.web.localhost:10000", "/a%20b/c?x"), "one|a b/c");
    EXPECT_EQ(website("ONE.web.localhost", "/"), "one|");
    EXPECT_EQ(website("two.z13.web.core.windows.net", "/d/"), "two|d/");
    EXPECT_EQ(website("127.0.0.1:10000", "/one-web/a"), "one|a");
    EXPECT_EQ(website("127.0.0.1:10000", "/one-web"), "one|");
}

TEST(Website, IsNotWhatNamesTheService) {
    EXPECT_EQ(website("127.0.0.1:10000", "/one/con/b"), "");
    EXPECT_EQ(website("one.blob.localhost", "/one-web/b"), "");
    EXPECT_EQ(website("three.web.localhost", "/"), "");
    EXPECT_EQ(website("one.zweb.core.windows.net", "/"), "");
    EXPECT_EQ(website("127.0.0.1:10000", "/three-web/a"), "");
}

TEST(SourceUrl, LeadsToThisServiceOrNowhere) {
    http::RequestHead head;
    head.headers.set("Host", "127.0.0.1:10000");
    http::RequestHead source;
    auto const found = [&](std::string_view url) {
        return parse_source_url(url, head, accounts(), source).has_value();
    };

    EXPECT_TRUE(found("http://127.0.0.1:10000/one/con/b?sv=1&sig=x"));
    EXPECT_EQ(source.find_query("sig"), "x");
    EXPECT_TRUE(found("https://two.blob.core.windows.net/con/b"));
    EXPECT_EQ(source.scheme, http::Scheme::https);
    EXPECT_TRUE(found("http://localhost:10000/one/con/b"));
    EXPECT_EQ(source.scheme, http::Scheme::http);
    EXPECT_FALSE(found("http://192.0.2.1:10000/one/con/b"));
    EXPECT_FALSE(found("http://127.0.0.1:10001/one/con/b"));
    EXPECT_FALSE(found("https://three.blob.core.windows.net/con/b"));
    EXPECT_FALSE(found("nonsense"));
}

TEST(Target, OfOneSegmentNamesAStateAsAnyOther) {
    auto const snapshot = parse("h", "/one/b?snapshot=2024-03-04T10:00:00.0000000Z").value();
    EXPECT_EQ(snapshot.address.snapshot, base::parse_iso8601("2024-03-04T10:00:00Z"));
    auto const version = parse("h", "/one/b?versionid=2024-03-04T10:00:00.0000000Z").value();
    EXPECT_EQ(version.address.version, base::parse_iso8601("2024-03-04T10:00:00Z"));
    EXPECT_EQ(parse("h", "/one/b?snapshot=yesterday").error().name(), "InvalidQueryParameterValue");
}

}  // namespace
}  // namespace bluebatch::emulator::blob
