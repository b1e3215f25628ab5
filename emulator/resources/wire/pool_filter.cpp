#include "emulator/resources/wire/pool.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::wire {

namespace {

struct Field {
    std::string_view here;
    std::string_view there;
};
constexpr auto kFields = std::to_array<Field>({
    {"name", "id"},
    {"properties/allocationState", "allocationState"},
    {"properties/allocationStateTransitionTime", "allocationStateTransitionTime"},
    {"properties/creationTime", "creationTime"},
    {"properties/provisioningState", "state"},
    {"properties/provisioningStateTransitionTime", "stateTransitionTime"},
    {"properties/lastModified", "lastModified"},
    {"properties/vmSize", "vmSize"},
});
constexpr auto kOperators = std::to_array<std::string_view>(
    {"eq", "ne", "gt", "ge", "lt", "le", "and", "or", "startswith", "datetime"}
);

bool is_word_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_';
}

// The end of the text that begins with a quote at `begin`; a quote in it is doubled.
std::size_t end_of_text(std::string_view filter, std::size_t begin) {
    for (auto at = begin + 1; at < filter.size(); ++at) {
        if (filter[at] != '\'') continue;
        if (at + 1 == filter.size() || filter[at + 1] != '\'') return at + 1;
        ++at;
    }
    return std::string_view::npos;
}

std::optional<std::string_view> word_of(std::string_view word) {
    auto const same = [&](std::string_view other) { return base::equal_ignoring_case(word, other); };
    auto const field = std::ranges::find_if(kFields, same, &Field::here);
    if (field != kFields.end()) return field->there;
    if (std::ranges::any_of(kOperators, same)) return word;
    bool const is_number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    return is_number ? std::optional{word} : std::nullopt;
}

// Provisioning states are those of pools, in other words.
std::string_view state_of(std::string_view text) {
    if (base::equal_ignoring_case(text, "'Succeeded'")) return "'active'";
    return base::equal_ignoring_case(text, "'Deleting'") ? "'deleting'" : text;
}

}  // namespace

std::optional<std::string> to_pool_filter(std::string_view filter) {
    std::string out;
    std::string_view field;
    for (std::size_t at = 0; at < filter.size();) {
        auto end = at + 1;
        if (filter[at] == '\'') {
            end = end_of_text(filter, at);
            if (end == std::string_view::npos) return std::nullopt;
            auto const text = filter.substr(at, end - at);
            out += field == "state" ? state_of(text) : text;
        } else if (is_word_part(filter[at])) {
            while (end < filter.size() && is_word_part(filter[end]))
                ++end;
            auto const word = word_of(filter.substr(at, end - at));
            if (!word) return std::nullopt;
            bool const is_field = std::ranges::find(kFields, *word, &Field::there) != kFields.end();
            if (is_field) field = *word;
            out += *word;
        } else {
            out += filter[at];
        }
        at = end;
    }
    return out;
}

}  // namespace bluebatch::emulator::resources::wire
