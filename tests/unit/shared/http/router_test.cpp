#include "shared/http/router.hpp"

#include <gmock/gmock.h>

namespace bluebatch::http {
namespace {

using Handler = int;
using Routes = std::vector<Route<Handler>>;

// clang-format off
constexpr auto kRoutes = std::to_array<Route<Handler>>({
    {Verb::get,    "/",                                "",                          "Root_Get",        1},
    {Verb::get,    "/pools",                           "",                          "Pool_List",       2},
    {Verb::post,   "/pools",                           "",                          "Pool_Add",        3},
    {Verb::get,    "/pools/{poolId}",                  "",                          "Pool_Get",        4},
    {Verb::get,    "/pools/special",                   "",                          "Pool_Special",    5},
    {Verb::get,    "/pools/{poolId}/files/{filePath*}", "",                         "File_Get",        6},
    {Verb::put,    "/{container}",                     "restype=container",         "Container_Create", 7},
    {Verb::put,    "/{container}",                     "restype=container&comp=acl", "Container_SetAcl", 8},
    {Verb::put,    "/{container}",                     "copyid",                    "Copy",            9},
    {Verb::get,    "/certificates",                    "",                          "Old_List",       10, {"", "2024-02-01.19.0"}},
    {Verb::get,    "/applications",                    "",                          "New_List",       11, {"2024-07-01.20.0", ""}},
});
// clang-format on

class RouterTest : public ::testing::Test {
protected:
    static RequestHead head(Verb verb, std::string_view target) {
        RequestHead made;
        EXPECT_TRUE(parse_target(target, made));
        made.verb = verb;
        return made;
    }

    RouteMatch<Handler> match(Verb verb, std::string_view target, std::string_view version = {}) {
        return router_.match(head(verb, target), version);
    }

    Handler handler_of(Verb verb, std::string_view target, std::string_view version = {}) {
        auto const found = match(verb, target, version);
        return found.outcome == RouteOutcome::found ? found.route->handler : 0;
    }

    Router<Handler> router_{std::span<Route<Handler> const>(kRoutes)};
};

TEST_F(RouterTest, FindsTheRowOfAPath) {
    EXPECT_EQ(handler_of(Verb::get, "/"), 1);
    EXPECT_EQ(handler_of(Verb::get, "/pools"), 2);
    EXPECT_EQ(handler_of(Verb::get, "/pools/"), 2);
    EXPECT_EQ(handler_of(Verb::get, "/Pools?api-version=1"), 2);
    EXPECT_EQ(handler_of(Verb::get, "/p%6Fols"), 2);
    EXPECT_EQ(match(Verb::get, "/pool").outcome, RouteOutcome::none);
    EXPECT_EQ(match(Verb::get, "/pools//").outcome, RouteOutcome::none);
    EXPECT_EQ(match(Verb::get, "//pools").outcome, RouteOutcome::none);
    EXPECT_EQ(match(Verb::get, "/pools/a/b").outcome, RouteOutcome::none);
}

TEST_F(RouterTest, DecodesParametersSegmentBySegment) {
    auto const found = match(Verb::get, "/pools/a%2Fb%20c");
    ASSERT_EQ(found.outcome, RouteOutcome::found);
    EXPECT_EQ(found.route->operation, "Pool_Get");
    EXPECT_EQ(found.parameters["poolId"], "a/b c");
    EXPECT_EQ(found.parameters["unknown"], "");
}

TEST_F(RouterTest, TakesTheRestOfAPath) {
    auto const found = match(Verb::get, "/pools/p/files/wd/sub%2Fout.txt");
    ASSERT_EQ(found.outcome, RouteOutcome::found);
    EXPECT_EQ(found.parameters["poolId"], "p");
    EXPECT_EQ(found.parameters["filePath"], "wd/sub/out.txt");
    EXPECT_EQ(match(Verb::get, "/pools/p/files").outcome, RouteOutcome::none);
}

TEST_F(RouterTest, PrefersTheMostSpecificRow) {
    EXPECT_EQ(handler_of(Verb::get, "/pools/special"), 5);
    EXPECT_EQ(handler_of(Verb::put, "/c?restype=container"), 7);
    EXPECT_EQ(handler_of(Verb::put, "/c?comp=acl&restype=container"), 8);
    EXPECT_EQ(handler_of(Verb::put, "/c?COPYID=anything"), 9);
    EXPECT_EQ(match(Verb::put, "/c").outcome, RouteOutcome::none);
}

TEST_F(RouterTest, TellsAWrongVerbFromAnUnknownPath) {
    auto const found = match(Verb::remove, "/pools");
    EXPECT_EQ(found.outcome, RouteOutcome::wrong_verb);
    EXPECT_THAT(found.allowed, ::testing::UnorderedElementsAre(Verb::get, Verb::post));
}

TEST_F(RouterTest, KnowsInWhichVersionsAnOperationExists) {
    EXPECT_EQ(handler_of(Verb::get, "/certificates", "2024-02-01.19.0"), 10);
    EXPECT_EQ(match(Verb::get, "/certificates", "2024-07-01.20.0").outcome, RouteOutcome::none);
    EXPECT_EQ(handler_of(Verb::get, "/applications", "2025-06-01"), 11);
    EXPECT_EQ(match(Verb::get, "/applications", "2024-02-01.19.0").outcome, RouteOutcome::none);
}

TEST_F(RouterTest, BoundsThePath) {
    std::string deep = "/pools/p/files";
    for (int i = 0; i < 29; ++i)
        deep += "/x";
    EXPECT_EQ(match(Verb::get, deep).outcome, RouteOutcome::found);
    EXPECT_EQ(match(Verb::get, deep + "/x").outcome, RouteOutcome::none);
}

TEST(RouterTables, RefuseWhatCannotBeToldApart) {
    auto const build = [](Routes const& routes) { Router<Handler> const router{std::span(routes)}; };
    EXPECT_THROW(
        build({{Verb::get, "/a/{x}", "", "A", 1}, {Verb::get, "/A/{y}", "", "B", 2}}), std::logic_error
    );
    EXPECT_THROW(
        build({{Verb::get, "/a", "x&y", "A", 1}, {Verb::get, "/a", "y&x", "B", 2}}), std::logic_error
    );
    EXPECT_NO_THROW(build({{Verb::get, "/a", "", "A", 1}, {Verb::put, "/a", "", "B", 2}}));
    EXPECT_NO_THROW(build({{Verb::get, "/a", "", "A", 1, {"", "1"}}, {Verb::get, "/a", "", "B", 2, {"2", ""}}}
    ));
    EXPECT_THROW(build({{Verb::get, "/{x*}/b", "", "A", 1}}), std::logic_error);
    EXPECT_THROW(build({{Verb::get, "/{x", "", "A", 1}}), std::logic_error);
}

}  // namespace
}  // namespace bluebatch::http
