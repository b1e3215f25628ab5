#include "emulator/resources/resource_id.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::resources {
namespace {

TEST(ResourceIdTest, ReadsAnAccountInAnyCase) {
    auto const id = parse_resource_id(
        "/Subscriptions/S/resourcegroups/My "
        "Group/PROVIDERS/microsoft.batch/batchaccounts/n/Applications/tool/"
    );
    ASSERT_TRUE(id);
    EXPECT_EQ(id->subscription, "S");
    EXPECT_EQ(id->group, "My Group");
    EXPECT_TRUE(id->is("Microsoft.Batch", {"batchAccounts", "applications"}));
    EXPECT_FALSE(id->is("Microsoft.Batch", {"batchAccounts"}));
    EXPECT_FALSE(id->is("Microsoft.Storage", {"batchAccounts", "applications"}));
    EXPECT_EQ(id->parts.back().name, "tool");
}

TEST(ResourceIdTest, RefusesWhatIsNone) {
    std::string const account = "/subscriptions/S/resourceGroups/G/providers/P/T/N";
    ASSERT_TRUE(parse_resource_id(account));
    std::string deep = account;
    for (int i = 0; i < 8; ++i)
        deep += "/t/n";
    for (auto const& text : std::vector<std::string>{
             "",
             "/",
             "n",
             account.substr(1),
             "/subscriptions/S/resourceGroups/G",
             "/subscriptions/S/resourceGroups/G/providers/P",
             account + "/U",
             account + "//",
             "/subscriptions//resourceGroups/G/providers/P/T/N",
             "/subscriptions/S/groups/G/providers/P/T/N",
             "https://management.azure.com" + account,
             account + "\xff",
             deep,
             account + std::string(kLongestResourceId, 'n'),
         })
        EXPECT_FALSE(parse_resource_id(text)) << text;
}

TEST(ResourceIdTest, WritesThemAsTheServiceDoes) {
    EXPECT_EQ(
        account_id("G", kBatchAccounts, "n"),
        "/subscriptions/b1ebac00-0000-4000-8000-00000000005b/resourceGroups/G/providers/Microsoft.Batch/"
        "batchAccounts/n"
    );
    EXPECT_TRUE(parse_resource_id(account_id("G", kStorageAccounts, "n")));
}

}  // namespace
}  // namespace bluebatch::emulator::resources
