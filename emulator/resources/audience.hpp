#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace bluebatch::emulator::resources {

// Whom tokens for the resource manager are made for.
inline constexpr auto kAudiences = std::to_array<std::string_view>({
    "https://management.core.windows.net/",
    "https://management.core.windows.net",
    "https://management.azure.com/",
    "https://management.azure.com",
});

inline bool is_audience(std::string_view audience) {
    return std::ranges::find(kAudiences, audience) != kAudiences.end();
}

}  // namespace bluebatch::emulator::resources
