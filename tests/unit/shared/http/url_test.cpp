#include "shared/http/url.hpp"

#include <gtest/gtest.h>

namespace bluebatch::http {
namespace {

TEST(ParseUrl, TellsItsParts) {
    auto const url = parse_url("https://acc.blob.localhost:10000/c/b?sig=x");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, Scheme::https);
    EXPECT_EQ(url->authority, "acc.blob.localhost:10000");
    EXPECT_EQ(url->host, "acc.blob.localhost");
    EXPECT_EQ(url->target, "/c/b?sig=x");

    EXPECT_EQ(parse_url("HTTP://h")->target, "");
    EXPECT_EQ(parse_url("http://h?a")->target, "?a");
    EXPECT_EQ(parse_url("http://[::1]:80/")->host, "::1");
    EXPECT_EQ(parse_url("http://[::1]:80/")->authority, "[::1]:80");
}

TEST(ParseUrl, RefusesWhatItDoesNotSpeak) {
    for (char const* text :
         {"",
          "h/a",
          "ftp://h/",
          "file:///etc/passwd",
          "http://",
          "http:///a",
          "http://u:p@h/",
          "http://h/a b",
          "http://h/\r\nx",
          "http://[::1/"}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

TEST(IsLoopback, KnowsNamesAndAddressesOfThisMachine) {
    for (char const* host :
         {"localhost", "LocalHost", "acc.blob.localhost", "127.0.0.1", "127.8.8.8", "::1"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
    for (char const* host :
         {"", ".localhost", "notlocalhost", "localhost.example.com", "10.0.0.1", "127.evil.com"}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
}

}  // namespace
}  // namespace bluebatch::http
