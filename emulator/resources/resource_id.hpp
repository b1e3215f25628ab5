#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::resources {

// "/subscriptions/S/resourceGroups/G/providers/P/TYPE/NAME[/TYPE/NAME]...", as bodies name resources.
struct ResourceId {
    struct Part {
        std::string type;
        std::string name;
    };

    std::string subscription;
    std::string group;
    std::string provider;
    std::vector<Part> parts;  // one at least

    // Whether it is of that provider and those types, in any case: "Microsoft.Batch", {"batchAccounts"}.
    bool is(std::string_view wanted_provider, std::vector<std::string_view> const& types) const;
};

inline constexpr std::size_t kLongestResourceId = 2048;

// Nothing when it has another form, an empty part, or more of them than resources do.
std::optional<ResourceId> parse_resource_id(std::string_view text);

std::string group_id(std::string_view group);
// "/subscriptions/.../providers/Microsoft.Batch/batchAccounts/NAME"
std::string account_id(std::string_view group, std::string_view type, std::string_view name);

inline constexpr std::string_view kBatchAccounts = "Microsoft.Batch/batchAccounts";
inline constexpr std::string_view kStorageAccounts = "Microsoft.Storage/storageAccounts";

}  // namespace bluebatch::emulator::resources
