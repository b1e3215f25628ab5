#pragma once

#include "emulator/batch/wire/schema/common.hpp"

// Bodies of requests about nodes.
namespace bluebatch::emulator::batch::wire::schema {

inline constexpr auto kDisableOptions =
    std::to_array<std::string_view>({"requeue", "terminate", "taskcompletion"});

// clang-format off
inline constexpr auto kRebootFields = std::to_array<Field>({word("nodeRebootOption", kNodeOptions)});
inline constexpr Object kReboot{"NodeRebootParameter", kRebootFields};

inline constexpr auto kReimageFields = std::to_array<Field>({word("nodeReimageOption", kNodeOptions)});
inline constexpr Object kReimage{"NodeReimageParameter", kReimageFields};

inline constexpr auto kDeallocateFields = std::to_array<Field>({word("nodeDeallocateOption", kNodeOptions)});
inline constexpr Object kDeallocate{"BatchNodeDeallocateOptions", kDeallocateFields};

inline constexpr auto kDisableSchedulingFields = std::to_array<Field>({
    word("nodeDisableSchedulingOption", kDisableOptions),
});
inline constexpr Object kDisableScheduling{"NodeDisableSchedulingParameter", kDisableSchedulingFields};

inline constexpr auto kRemoveNodesFields = std::to_array<Field>({
    texts("nodeList").needed(),
    duration("resizeTimeout"),
    word("nodeDeallocationOption", kNodeOptions),
});
inline constexpr Object kRemoveNodes{"NodeRemoveParameter", kRemoveNodesFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
