#include "shared/http/message.hpp"

#include "tests/unit/shared/http/support.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace bluebatch::http {
namespace {

TEST(HeadersTest, CompareNamesWithoutCaseAndKeepRepeatedOnes) {
    Headers headers{{"A", "1"}, {"b", "2"}, {"a", "3"}};
    EXPECT_EQ(headers.get("a"), "1");
    EXPECT_EQ(headers.find("B"), "2");
    EXPECT_EQ(headers.find("c"), std::nullopt);
    EXPECT_EQ(headers.get("c"), "");
    EXPECT_EQ(std::distance(headers.begin(), headers.end()), 3);
}

TEST(HeadersTest, SetReplacesEveryValueInItsPlace) {
    Headers headers{{"A", "1"}, {"b", "2"}, {"a", "3"}};
    headers.set("a", "4");
    headers.set("new", "5");
    std::string all;
    for (auto const& [name, value] : headers)
        all += name + value + " ";
    EXPECT_EQ(all, "A4 b2 new5 ");

    headers.erase("B");
    EXPECT_FALSE(headers.has("b"));
}

TEST(VerbTest, ReadsItsOwnNamesAndNothingElse) {
    for (auto const verb :
         {Verb::get,
          Verb::head,
          Verb::put,
          Verb::post,
          Verb::remove,
          Verb::patch,
          Verb::options,
          Verb::merge}) {
        EXPECT_EQ(parse_verb(to_string(verb)), verb);
    }
    EXPECT_EQ(to_string(Verb::remove), "DELETE");
    EXPECT_EQ(parse_verb("get"), Verb::other);
    EXPECT_EQ(parse_verb(""), Verb::other);
}

TEST(SpooledFileTest, RemovesItsFileUnlessReleased) {
    testing::TemporaryFolder const folder;
    auto const make = [&](char const* name) {
        std::ofstream(folder.path() / name) << "x";
        return SpooledFile(folder.path() / name);
    };
    {
        auto first = make("first");
        auto second = make("second");
        first = std::move(second);  // removes "first"
        EXPECT_EQ(folder.file_count(), 1U);
        auto third = make("third");
        EXPECT_EQ(std::move(third).release(), folder.path() / "third");
    }
    EXPECT_EQ(folder.file_count(), 1U);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "third"));
}

TEST(ResponseTest, CountsTextAndSlices) {
    Response response{.text = "four"};
    response.slices = {{nullptr, 10, 6}, {nullptr, 0, 1ULL << 40U}};
    EXPECT_EQ(response.body_size(), 10 + (1ULL << 40U));
}

}  // namespace
}  // namespace bluebatch::http
