#include "client/cli/commands/table.hpp"

#include <gmock/gmock.h>

namespace bluebatch::cli {
namespace {

using ::testing::ElementsAre;

Table two_columns() {
    return Table({{"NAME"}, {"SIZE", Align::right}});
}

TEST(Table, AlignsItsColumns) {
    auto table = two_columns();
    table.add({"a", "1"});
    table.add({"longer", "1000"});
    EXPECT_THAT(table.lines({}), ElementsAre("NAME    SIZE", "a          1", "longer  1000"));
}

TEST(Table, HasTitlesWithoutRows) {
    EXPECT_THAT(two_columns().lines({}), ElementsAre("NAME  SIZE"));
    EXPECT_TRUE(two_columns().is_empty());
}

TEST(Table, FillsCellsThatAreMissing) {
    auto table = two_columns();
    table.add({"a"});
    EXPECT_THAT(table.lines({}), ElementsAre("NAME  SIZE", "a"));
}

TEST(Table, CutsTheWidestColumnWhereThereIsAWidth) {
    auto table = two_columns();
    table.add({"abcdefghijklmnop", "1000"});
    EXPECT_THAT(
        table.lines({.has_colours = false, .width = 14}), ElementsAre("NAME      SIZE", "abcdefg…  1000")
    );
}

TEST(Table, OverflowsRatherThanHideEverything) {
    auto table = two_columns();
    table.add({"abcdefghijklmnop", "1000"});
    EXPECT_EQ(table.lines({.has_colours = false, .width = 3}).back(), "abcde…  1000");
}

TEST(Table, EmphasisesTitlesOnlyWithColours) {
    EXPECT_EQ(two_columns().lines({.has_colours = true, .width = 0}).front(), "\x1b[1mNAME  SIZE\x1b[0m");
}

TEST(Table, CountsWhatATerminalShows) {
    EXPECT_EQ(display_width("Überfahrt"), 9u);
    EXPECT_EQ(display_width("日本"), 4u);
    EXPECT_EQ(display_width("e\u0301"), 1u);
    EXPECT_EQ(display_width("\xff\xfe"), 2u);  // not UTF-8
    EXPECT_EQ(fit("日本語", 5), "日本…");
    EXPECT_EQ(fit("abc", 3), "abc");
    EXPECT_EQ(fit("abc", 0), "");
}

TEST(Table, ShowsControlCharactersInsteadOfSendingThem) {
    auto table = two_columns();
    table.add({"a\x1b[2J\nb", ""});
    EXPECT_EQ(table.lines({}).back(), "a\\x1b[2J\\x0ab");
    EXPECT_EQ(printable("\u009b31m"), "\\x9b31m");
    EXPECT_EQ(printable("Ü日"), "Ü日");
    EXPECT_EQ(printable_lines("a\x1b\n  b\r\n"), "a\\x1b\n  b\\x0d\n");
}

}  // namespace
}  // namespace bluebatch::cli
