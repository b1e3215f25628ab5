#pragma once

#include "emulator/batch/wire/schema/common.hpp"

namespace bluebatch::emulator::batch::wire::schema {

// clang-format off
inline constexpr auto kApplicationFields = std::to_array<Field>({
    text("id"),
    text("displayName"),
    texts("versions"),
});
inline constexpr Object kApplication{"ApplicationSummary", kApplicationFields};
// clang-format on

}  // namespace bluebatch::emulator::batch::wire::schema
