#pragma once

#include "shared/azure/storage_error.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bluebatch::emulator::blob::rules {

// The index tags of a blob: keys and values, both case-sensitive.
using Tags = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t kMaxTags = 10;
inline constexpr std::size_t kMaxTagKey = 128;
inline constexpr std::size_t kMaxTagValue = 256;

// Letters, digits and " +-./:=_".
bool is_tag_text(std::string_view text);

// TagsTooLarge, EmptyTagName, InvalidTag, DuplicateTagNames.
std::optional<azure::StorageError> find_tags_fault(Tags const& tags);

}  // namespace bluebatch::emulator::blob::rules
