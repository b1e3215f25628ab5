#pragma once

#include "shared/base/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bluebatch::emulator::domain {

// The service's word for each enumerator, in the enum's order: kWords<TaskState>[i] names enumerator i.
template <class Enum>
inline constexpr auto kWords = nullptr;

template <class Enum>
constexpr std::string_view to_word(Enum value) {
    return kWords<Enum>[static_cast<std::size_t>(value)];
}

// Ignores case, as the service does for input. Batch: REST-43
template <class Enum>
std::optional<Enum> parse_word(std::string_view word) {
    for (std::size_t i = 0; i < kWords<Enum>.size(); ++i) {
        if (base::equal_ignoring_case(kWords<Enum>[i], word)) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::domain
