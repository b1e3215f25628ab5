#include "emulator/resources/resource_id.hpp"

#include "emulator/resources/subscription.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::resources {

namespace {

constexpr std::size_t kMostParts = 8;
// "", subscriptions, S, resourceGroups, G, providers, P
constexpr std::size_t kFirstPart = 7;

bool is_word(std::string_view text, std::string_view word) {
    return base::equal_ignoring_case(text, word);
}

}  // namespace

bool ResourceId::is(std::string_view wanted_provider, std::vector<std::string_view> const& types) const {
    return is_word(provider, wanted_provider) &&
           std::ranges::equal(parts, types, [](Part const& part, std::string_view type) {
               return is_word(part.type, type);
           });
}

std::optional<ResourceId> parse_resource_id(std::string_view text) {
    if (text.size() > kLongestResourceId || !base::is_valid_utf8(text)) return std::nullopt;
    if (text.ends_with('/')) text.remove_suffix(1);
    auto const words = base::split(text, '/');
    if (words.size() < kFirstPart + 2 || words.size() > kFirstPart + 2 * kMostParts ||
        (words.size() - kFirstPart) % 2 != 0)
        return std::nullopt;
    bool const has_form = words[0].empty() && is_word(words[1], "subscriptions") &&
                          is_word(words[3], "resourceGroups") && is_word(words[5], "providers");
    if (!has_form || std::any_of(words.begin() + 1, words.end(), [](auto word) { return word.empty(); }))
        return std::nullopt;
    ResourceId id{std::string{words[2]}, std::string{words[4]}, std::string{words[6]}, {}};
    for (std::size_t i = kFirstPart; i < words.size(); i += 2)
        id.parts.push_back({std::string{words[i]}, std::string{words[i + 1]}});
    return id;
}

std::string group_id(std::string_view group) {
    return fmt::format("/subscriptions/{}/resourceGroups/{}", kSubscription, group);
}

std::string account_id(std::string_view group, std::string_view type, std::string_view name) {
    return fmt::format("{}/providers/{}/{}", group_id(group), type, name);
}

}  // namespace bluebatch::emulator::resources
