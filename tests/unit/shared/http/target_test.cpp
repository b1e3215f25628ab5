#include "shared/http/message.hpp"

#include <gtest/gtest.h>

namespace bluebatch::http {
namespace {

TEST(ParseTarget, KeepsThePathRawAndDecodesTheQuery) {
    RequestHead head;
    ASSERT_TRUE(parse_target("/a%20b//c%2Fd?x=1&Y=%41+b&flag&&z=a=b", head));
    EXPECT_EQ(head.path, "/a%20b//c%2Fd");
    EXPECT_EQ(head.raw_query, "x=1&Y=%41+b&flag&&z=a=b");
    ASSERT_EQ(head.query.size(), 4U);
    EXPECT_EQ(head.find_query("Y"), "A b");
    EXPECT_EQ(head.query[1].raw_value, "%41+b");
    EXPECT_EQ(head.find_query("y"), std::nullopt);
    EXPECT_EQ(head.find_query_ignoring_case("y"), "A b");
    EXPECT_EQ(head.find_query("flag"), "");
    EXPECT_EQ(head.find_query("z"), "a=b");
}

TEST(ParseTarget, TakesTheAbsoluteFormAndTheAsterisk) {
    RequestHead head;
    ASSERT_TRUE(parse_target("http://host:80/a?b", head));
    EXPECT_EQ(head.path, "/a");
    EXPECT_EQ(head.raw_query, "b");
    ASSERT_TRUE(parse_target("HTTPS://host?b", head));
    EXPECT_EQ(head.path, "/");
    EXPECT_EQ(head.raw_query, "b");
    ASSERT_TRUE(parse_target("http://host", head));
    EXPECT_EQ(head.path, "/");
    ASSERT_TRUE(parse_target("*", head));
    EXPECT_EQ(head.path, "*");
}

TEST(ParseTarget, RefusesWhatIsMalformed) {
    RequestHead head;
    for (char const* target :
         {"", "a", "host:443", "?x", "/a b", "/a\tb", "/a#b", "/%", "/%4", "/%zz", "ftp://h/a"}) {
        EXPECT_FALSE(parse_target(target, head)) << target;
    }
    EXPECT_TRUE(parse_target("/?like=50%", head)) << "a bare percent sign in the query stays as it is";
    EXPECT_EQ(head.find_query("like"), "50%");
}

TEST(ParseTarget, BoundsTheNumberOfParameters) {
    RequestHead head;
    std::string target = "/?";
    for (int i = 0; i < 256; ++i)
        target += "a=b&";
    EXPECT_TRUE(parse_target(target, head));
    EXPECT_FALSE(parse_target(target + "c", head));
}

TEST(PercentCoding, DecodesAndLeavesBrokenEscapes) {
    EXPECT_EQ(percent_decode("a%2Fb%2f%C3%A9+%00x"), std::string("a/b/\xC3\xA9+\0x", 9));
    EXPECT_EQ(percent_decode("%%41%4"), "%A%4");
    EXPECT_EQ(form_decode("a+b%2B"), "a b+");
}

TEST(PercentCoding, EncodesAllButUnreservedBytes) {
    EXPECT_EQ(percent_encode("aZ0-._~/ \xC3%"), "aZ0-._~%2F%20%C3%25");
    EXPECT_EQ(percent_encode("a/b c", KeepSlash::yes), "a/b%20c");
    std::string every;
    for (int byte = 0; byte < 256; ++byte)
        every.push_back(static_cast<char>(byte));
    EXPECT_EQ(percent_decode(percent_encode(every)), every);
}

}  // namespace
}  // namespace bluebatch::http
