#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// The word that was probably meant; nothing when none is near.
std::optional<std::string_view> suggest(std::string_view word, std::span<std::string_view const> known);

}  // namespace bluebatch::cli
