#include "emulator/domain/account_table.hpp"

#include "emulator/domain/accounts.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::domain {
namespace {

struct Named {
    std::string name;
    int number = 0;
};
using Table = AccountTable<Named>;

std::shared_ptr<Named const> named(std::string name, int number = 0) {
    return std::make_shared<Named const>(Named{std::move(name), number});
}

TEST(AccountTable, FindsWithoutRegardToCase) {
    Table const table({{"One"}, {"two"}});
    EXPECT_EQ(table.find("one")->name, "One");
    EXPECT_EQ(table.find("TWO")->name, "two");
    EXPECT_EQ(table.find("three"), nullptr);
    EXPECT_EQ(table.all().size(), 2U);
}

TEST(AccountTable, TheFirstStaysTheFirst) {
    Table table({{"b", 1}, {"a", 1}});
    EXPECT_EQ(table.first()->name, "b");
    table.put(named("B", 2));
    table.put(named("a", 2));
    EXPECT_EQ(table.first()->number, 2);
    EXPECT_EQ(table.first()->name, "B");
    EXPECT_EQ(table.find("a")->number, 2);
}

TEST(AccountTable, WhoHasFoundOneKeepsIt) {
    Table table({{"one", 1}});
    auto const found = table.find("one");
    table.remove("ONE");
    EXPECT_EQ(table.find("one"), nullptr);
    EXPECT_EQ(table.first(), nullptr);
    EXPECT_EQ(found->number, 1);
}

TEST(AccountTable, GuestsGetWhatTheyName) {
    Table table;
    EXPECT_EQ(table.find_or_make("new").account, nullptr);
    int made = 0;
    table.on_guest([&](std::string const& name) -> std::string {
        ++made;
        if (name == "no") return "There are enough.";
        table.put(named(name));
        return {};
    });
    EXPECT_EQ(table.find_or_make("New").account->name, "new");
    EXPECT_EQ(table.find_or_make("NEW").account->name, "new");
    EXPECT_EQ(made, 1);
    auto const refused = table.find_or_make("no");
    EXPECT_EQ(refused.account, nullptr);
    EXPECT_EQ(refused.refusal, "There are enough.");
}

TEST(AccountNames, AreShortWordsOfLowerCaseLettersAndDigits) {
    for (auto const* const name : {"abc", "0123", "abcdefghijklmnopqrstuvwx"})
        EXPECT_TRUE(is_account_name(name)) << name;
    for (auto const* const name : {"", "ab", "abcdefghijklmnopqrstuvwxy", "Abc", "a-b", "../x", "a.b"})
        EXPECT_FALSE(is_account_name(name)) << name;
}

}  // namespace
}  // namespace bluebatch::emulator::domain
