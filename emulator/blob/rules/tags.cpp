#include "emulator/blob/rules/tags.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::rules {

using azure::StorageErrorCode;

bool is_tag_text(std::string_view text) {
    constexpr std::string_view kPunctuation = " +-./:=_";
    return std::ranges::all_of(text, [&](char c) {
        bool const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return is_letter || (c >= '0' && c <= '9') || kPunctuation.find(c) != std::string_view::npos;
    });
}

std::optional<azure::StorageError> find_tags_fault(Tags const& tags) {
    if (tags.size() > kMaxTags) return StorageErrorCode::tags_too_large;
    for (auto tag = tags.begin(); tag != tags.end(); ++tag) {
        auto const& key = tag->first;
        auto const& value = tag->second;
        if (key.empty()) return StorageErrorCode::empty_tag_name;
        if (key.size() > kMaxTagKey || value.size() > kMaxTagValue) return StorageErrorCode::tags_too_large;
        if (!is_tag_text(key) || !is_tag_text(value)) return StorageErrorCode::invalid_tag;
        bool const is_known =
            std::any_of(tags.begin(), tag, [&](auto const& other) { return other.first == key; });
        if (is_known) return StorageErrorCode::duplicate_tag_names;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::blob::rules
