#include "shared/azure/storage_shared_key.hpp"

#include <gtest/gtest.h>

namespace bluebatch::azure {
namespace {

constexpr std::string_view kSharedKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

std::string text_of(
    http::Verb verb,
    std::string_view target,
    http::Headers const& headers,
    SharedKeyScheme scheme = SharedKeyScheme::shared_key,
    HeaderOrder order = HeaderOrder::ordinal
) {
    http::RequestHead head;
    EXPECT_TRUE(http::parse_target(target, head));
    return shared_key_string_to_sign({verb, {}, head.path, head.query, headers, "myaccount"}, scheme, order);
}

TEST(SharedKeyStringToSign, IsTheExampleOfTheReference) {
    http::Headers const headers{
        {"x-ms-version", "2015-02-21"}, {"x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"}};

    auto const text =
        text_of(http::Verb::get, "/mycontainer?restype=container&comp=metadata&timeout=20", headers);

    EXPECT_EQ(
        text,
        "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
        "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20"
    );
}

TEST(SharedKeyStringToSign, RepeatsTheAccountOfPathStyle) {
    auto const text = text_of(http::Verb::get, "/myaccount/c/a%20b", {});

    EXPECT_TRUE(text.ends_with("\n/myaccount/myaccount/c/a%20b"));
}

TEST(SharedKeyStringToSign, LeavesAZeroLengthBlankSince2015) {
    http::Headers const recent{{"Content-Length", "0"}, {"x-ms-version", "2015-02-21"}};
    http::Headers const old{{"Content-Length", "0"}, {"x-ms-version", "2014-02-14"}};

    EXPECT_TRUE(text_of(http::Verb::put, "/c", recent).starts_with("PUT\n\n\n\n"));
    EXPECT_TRUE(text_of(http::Verb::put, "/c", old).starts_with("PUT\n\n\n0\n"));
}

TEST(SharedKeyStringToSign, HoldsEveryStandardHeaderInItsPlace) {
    http::Headers const headers{
        {"Range", "range"},
        {"If-Unmodified-Since", "unmodified"},
        {"If-None-Match", "none"},
        {"If-Match", "match"},
        {"If-Modified-Since", "modified"},
        {"Date", "date"},
        {"Content-Type", "type"},
        {"Content-MD5", "md5"},
        {"Content-Length", "7"},
        {"Content-Language", "language"},
        {"Content-Encoding", "encoding"}};

    EXPECT_EQ(
        text_of(http::Verb::put, "/c/b", headers),
        "PUT\nencoding\nlanguage\n7\nmd5\ntype\ndate\nmodified\nmatch\nnone\nunmodified\nrange\n/myaccount/c/"
        "b"
    );
}

TEST(SharedKeyStringToSign, JoinsRepeatedParametersAndHeaders) {
    http::Headers const headers{{"x-ms-meta-B", " two "}, {"x-ms-meta-a", "one"}, {"X-MS-meta-b", "three"}};

    auto const text = text_of(http::Verb::get, "/c?Include=b&include=a", headers);

    EXPECT_TRUE(text.ends_with("\nx-ms-meta-a:one\nx-ms-meta-b:two,three\n/myaccount/c\ninclude:a,b"))
        << text;
}

TEST(SharedKeyStringToSign, SortsHeadersAsTheSdksDo) {
    http::Headers const headers{
        {"x-ms-meta-a-b", "1"}, {"x-ms-meta-a1", "2"}, {"x-ms-meta-a_b", "3"}, {"x-ms-meta-aa", "4"}};

    auto const culture =
        text_of(http::Verb::get, "/c", headers, SharedKeyScheme::shared_key, HeaderOrder::culture);
    auto const ordinal = text_of(http::Verb::get, "/c", headers);

    EXPECT_TRUE(
        culture.ends_with("\nx-ms-meta-a_b:3\nx-ms-meta-a1:2\nx-ms-meta-aa:4\nx-ms-meta-a-b:1\n/myaccount/c")
    ) << culture;
    EXPECT_TRUE(
        ordinal.ends_with("\nx-ms-meta-a-b:1\nx-ms-meta-a1:2\nx-ms-meta-a_b:3\nx-ms-meta-aa:4\n/myaccount/c")
    ) << ordinal;
}

TEST(SharedKeyStringToSign, OfTheLiteSchemeIsShort) {
    http::Headers const headers{
        {"Content-Length", "7"}, {"Content-MD5", "md5"}, {"Content-Type", "type"}, {"x-ms-date", "now"}};

    auto const text =
        text_of(http::Verb::put, "/c/b?timeout=20&comp=metadata", headers, SharedKeyScheme::shared_key_lite);

    EXPECT_EQ(text, "PUT\nmd5\ntype\n\nx-ms-date:now\n/myaccount/c/b?comp=metadata");
}

TEST(SharedKeyAuthorization, IsReadInBothSchemes) {
    auto const full = parse_shared_key_authorization("SharedKey name:c2ln");
    auto const lite = parse_shared_key_authorization("SharedKeyLite name:c2ln");

    ASSERT_TRUE(full && lite);
    EXPECT_EQ(full->account, "name");
    EXPECT_EQ(full->signature, "c2ln");
    EXPECT_EQ(full->scheme, SharedKeyScheme::shared_key);
    EXPECT_EQ(lite->scheme, SharedKeyScheme::shared_key_lite);
}

TEST(SharedKeyAuthorization, RefusesOtherForms) {
    for (auto const* const text :
         {"", "SharedKey", "SharedKey name", "SharedKey :x", "Bearer a:b", "SharedKey a:"}) {
        EXPECT_FALSE(parse_shared_key_authorization(text)) << text;
    }
}

TEST(SignWithSharedKey, MakesWhatAVerifierExpects) {
    http::Headers headers{{"x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"}, {"x-ms-version", "2020-10-02"}};

    sign_with_shared_key(
        http::Verb::put, "/myaccount/c/b", {}, headers, 5, {"myaccount", std::string{kSharedKey}}
    );

    auto const authorization = parse_shared_key_authorization(headers.get("Authorization"));
    headers.set("Content-Length", "5");
    auto const text = text_of(http::Verb::put, "/myaccount/c/b", headers);
    ASSERT_TRUE(authorization);
    EXPECT_EQ(authorization->account, "myaccount");
    EXPECT_EQ(authorization->signature, sign_storage_text(kSharedKey, text));
}

TEST(SignStorageText, NeedsAKeyInBase64) {
    EXPECT_FALSE(sign_storage_text("not base64!", "text"));
}

}  // namespace
}  // namespace bluebatch::azure
