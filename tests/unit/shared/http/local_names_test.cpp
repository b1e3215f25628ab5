#include "shared/http/local_names.hpp"

#include <gtest/gtest.h>

namespace bluebatch::http {
namespace {

RequestHead head_with(Headers headers) {
    RequestHead head;
    head.headers = std::move(headers);
    return head;
}

TEST(LocalNames, AreThoseOfLoopbackOnly) {
    for (auto const* name :
         {"localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]", "[::1]:80", "a.blob.localhost:1"}) {
        EXPECT_TRUE(names_this_machine(name)) << name;
    }
    for (auto const* name :
         {"",
          "evil.example",
          "localhost.evil.example",
          "127.0.0.1.evil.example",
          "[::1",
          ".localhost",
          "10.0.0.1"}) {
        EXPECT_FALSE(names_this_machine(name)) << name;
    }
}

TEST(ForeignPage, IsKnownByItsOriginOrByTheBrowsersWord) {
    EXPECT_FALSE(is_from_foreign_page(head_with({{"Host", "anything"}})));
    EXPECT_FALSE(is_from_foreign_page(head_with({{"Origin", "http://localhost:3000"}})));
    EXPECT_TRUE(is_from_foreign_page(head_with({{"Origin", "http://evil.example"}})));
    EXPECT_TRUE(is_from_foreign_page(head_with({{"Origin", "null"}})));
    EXPECT_TRUE(is_from_foreign_page(head_with({{"Sec-Fetch-Site", "cross-site"}})));
}

TEST(Rebinding, IsAForeignNameThatAsksItself) {
    EXPECT_TRUE(is_rebound(head_with({{"Host", "evil.example:10000"}, {"Origin", "http://evil.example:10000"}}
    )));
    EXPECT_FALSE(is_rebound(head_with({{"Host", "localhost:10000"}, {"Origin", "http://localhost:10000"}})));
    EXPECT_FALSE(is_rebound(head_with({{"Host", "127.0.0.1:10000"}, {"Origin", "https://app.example"}})));
    EXPECT_FALSE(is_rebound(head_with({{"Host", "storage:10000"}})));
}

}  // namespace
}  // namespace bluebatch::http
