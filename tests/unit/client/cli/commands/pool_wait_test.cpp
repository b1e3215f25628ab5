#include "client/cli/commands/pool_wait.hpp"

#include "client/cli/commands/document.hpp"
#include "client/cli/commands/pool_specification.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace bluebatch::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using Json = nlohmann::json;

Json pool(int nodes, std::string const& allocation = "steady") {
    return {
        {"id", "p"}, {"state", "active"}, {"allocationState", allocation}, {"currentDedicatedNodes", nodes}};
}
Json node(std::string const& state) {
    return {{"id", "n"}, {"state", state}};
}

TEST(JudgePool, IsReadyWhenEveryNodeCanRunTasks) {
    EXPECT_EQ(*judge_pool(pool(2), {node("idle"), node("running")}, PoolGoal::ready), PoolProgress::arrived);
    EXPECT_EQ(*judge_pool(pool(2), {node("idle"), node("starting")}, PoolGoal::ready), PoolProgress::waiting);
    EXPECT_EQ(*judge_pool(pool(2), {node("idle")}, PoolGoal::ready), PoolProgress::waiting);
    EXPECT_EQ(*judge_pool(pool(0), {}, PoolGoal::ready), PoolProgress::arrived);
}

TEST(JudgePool, WaitsWhileItIsResized) {
    EXPECT_EQ(*judge_pool(pool(1, "resizing"), {node("idle")}, PoolGoal::ready), PoolProgress::waiting);
    EXPECT_EQ(*judge_pool(pool(1, "resizing"), {}, PoolGoal::steady), PoolProgress::waiting);
    EXPECT_EQ(*judge_pool(pool(1), {}, PoolGoal::steady), PoolProgress::arrived);
    EXPECT_EQ(*judge_pool(pool(1), {node("idle")}, PoolGoal::gone), PoolProgress::waiting);
}

TEST(JudgePool, GivesUpOnNodesThatAreLost) {
    auto failed = node("starttaskfailed");
    failed["startTaskInfo"]["exitCode"] = 7;
    auto const judged = judge_pool(pool(2), {node("starting"), failed}, PoolGoal::ready);
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().status, ExitStatus::unreachable);
    EXPECT_THAT(judged.error().message, HasSubstr("starttaskfailed, exit code 7"));
}

TEST(JudgePool, GivesUpOnAResizeThatFailed) {
    auto short_of_nodes = pool(1);
    short_of_nodes["resizeErrors"] = {{{"code", "AccountCoreQuotaReached"}, {"message", "No more."}}};
    auto const judged = judge_pool(short_of_nodes, {node("idle")}, PoolGoal::ready);
    ASSERT_FALSE(judged);
    EXPECT_THAT(judged.error().message, HasSubstr("AccountCoreQuotaReached: No more."));
}

TEST(PoolSpecification, ImagesHaveThreePartsOrFour) {
    EXPECT_EQ(parse_image("a:b:c")->version, "latest");
    EXPECT_EQ(parse_image("a:b:c:1.2")->version, "1.2");
    for (auto const* text : {"", "a:b", "a::c", "a:b:c:d:e"})
        EXPECT_FALSE(parse_image(text)) << text;
}

TEST(Document, MembersAreFoundByPath) {
    Json const json{{"a", {{"b", "text"}, {"n", 5}, {"f", false}, {"z", nullptr}}}};
    EXPECT_EQ(text_at(json, "a/b"), "text");
    EXPECT_EQ(text_at(json, "a/n"), "5");
    EXPECT_EQ(text_at(json, "a/f"), "false");
    EXPECT_EQ(text_at(json, "a/z"), "");
    EXPECT_EQ(text_at(json, "a/b/c"), "");
    EXPECT_EQ(number_at(json, "a/n"), 5);
    EXPECT_EQ(number_at(json, "a/b"), 0);
}

TEST(Document, FlatMembersBeginWithThoseThatMatter) {
    Json const json{
        {"a", {1, 2}}, {"id", "p"}, {"url", "http://x"}, {"odata.metadata", "m"}, {"z", {{"y", true}}}};
    EXPECT_THAT(
        flatten(json, {"id", "absent"}),
        ElementsAre(Pair("id", "p"), Pair("a[0]", "1"), Pair("a[1]", "2"), Pair("z.y", "true"))
    );
}

TEST(Document, AgesAreShort) {
    auto const now = base::parse_iso8601("2030-01-10T00:00:00Z").value();
    EXPECT_EQ(age_of("2030-01-09T23:59:01Z", now), "59s");
    EXPECT_EQ(age_of("2030-01-09T23:00:00Z", now), "60m");
    EXPECT_EQ(age_of("2030-01-09T00:00:00Z", now), "24h");
    EXPECT_EQ(age_of("2030-01-01T00:00:00Z", now), "9d");
    EXPECT_EQ(age_of("2031-01-01T00:00:00Z", now), "0s");
    EXPECT_EQ(age_of("", now), "");
}

}  // namespace
}  // namespace bluebatch::cli
