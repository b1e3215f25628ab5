#include "client/cli/run/report.hpp"

#include <gtest/gtest.h>

namespace bluebatch::cli {
namespace {

TEST(Report, TellsWhatCameBetween) {
    auto const before = parse_report(
        R"({"requests":{"blob":3,"batch":5},"failures":{"blob":0,"batch":1},"notEmulated":[{"what":"old","count":2}]})"
    );
    auto const after = parse_report(
        R"({"requests":{"blob":4,"batch":5,"identity":2},"failures":{"blob":1,"batch":1,"identity":0},
            "notEmulated":[{"what":"new","count":1},{"what":"old","count":4}]})"
    );
    ASSERT_TRUE(before && after);
    EXPECT_EQ(
        describe_change(*before, *after),
        (std::vector<std::string>{
            "Requests that the emulator answered: 1 of blob (1 refused), 2 of identity.",
            "Not emulated: new (asked for once).",
            "Not emulated: old (asked for 2 times)."})
    );
    EXPECT_TRUE(describe_change(*after, *after).empty());
}

TEST(Report, IsReadOnlyWhenItIsOne) {
    for (auto const* const text :
         {"", "[]", "{}", R"({"requests":{"blob":"1"},"failures":{},"notEmulated":[]})", R"({"requests":1})"})
        EXPECT_FALSE(parse_report(text)) << text;
}

}  // namespace
}  // namespace bluebatch::cli
