#include "emulator/batch/routes/query_options.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::batch::routes {
namespace {

constexpr unsigned kFilter = 1;
constexpr unsigned kSelect = 2;
constexpr unsigned kExpand = 4;
constexpr unsigned kAll = kFilter | kSelect | kExpand;

struct Row {
    std::string_view operation;
    unsigned options;
};

// Operations that are not here know none.
// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"Account_ListNodeAgentSkus",                kFilter},
    {"Account_ListPoolNodeCounts",               kFilter},
    {"Account_ListSupportedImages",              kFilter},
    {"Certificate_Get",                          kSelect},
    {"Certificate_List",                         kFilter | kSelect},
    {"ComputeNodeExtension_Get",                 kSelect},
    {"ComputeNodeExtension_List",                kSelect},
    {"ComputeNode_Get",                          kSelect},
    {"ComputeNode_List",                         kFilter | kSelect},
    {"File_ListFromComputeNode",                 kFilter},
    {"File_ListFromTask",                        kFilter},
    {"JobSchedule_Get",                          kSelect | kExpand},
    {"JobSchedule_List",                         kAll},
    {"Job_Get",                                  kSelect | kExpand},
    {"Job_List",                                 kAll},
    {"Job_ListFromJobSchedule",                  kAll},
    {"Job_ListPreparationAndReleaseTaskStatus",  kFilter | kSelect},
    {"Pool_Get",                                 kSelect | kExpand},
    {"Pool_List",                                kAll},
    {"Pool_ListUsageMetrics",                    kFilter},
    {"Task_Get",                                 kSelect | kExpand},
    {"Task_List",                                kAll},
    {"Task_ListSubtasks",                        kSelect},
});
// clang-format on

unsigned bit_of(std::string_view option) {
    if (base::equal_ignoring_case(option, "$filter")) return kFilter;
    if (base::equal_ignoring_case(option, "$select")) return kSelect;
    return base::equal_ignoring_case(option, "$expand") ? kExpand : 0;
}

}  // namespace

std::optional<std::string> find_unknown_option(http::RequestHead const& head, std::string_view operation) {
    auto const row = std::ranges::find(kRows, operation, &Row::operation);
    unsigned const known = row != kRows.end() ? row->options : 0;
    for (auto const& [name, value, raw] : head.query) {
        bool const is_option = name.starts_with('$') && !base::equal_ignoring_case(name, "$skiptoken");
        if (is_option && (bit_of(name) & known) == 0) return name;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::batch::routes
