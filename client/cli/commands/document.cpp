#include "client/cli/commands/document.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace bluebatch::cli {
namespace {

using Json = nlohmann::json;

Json const* member_at(Json const& document, std::string_view path) {
    auto const* current = &document;
    for (auto const name : base::split(path, '/')) {
        if (!current->is_object()) return nullptr;
        auto const member = current->find(std::string(name));
        if (member == current->end()) return nullptr;
        current = &*member;
    }
    return current;
}

std::string scalar(Json const& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    return to_text(value);
}

// What says where the document comes from, not what it is.
bool is_envelope(std::string_view name) {
    return name.starts_with("odata.") || name == "url" || name == "eTag";
}

void flatten_into(
    Json const& value, std::string const& path, std::vector<std::pair<std::string, std::string>>& lines
) {
    if (value.is_object()) {
        for (auto const& [name, member] : value.items())
            flatten_into(member, path + "." + name, lines);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i)
            flatten_into(value[i], fmt::format("{}[{}]", path, i), lines);
    } else {
        lines.emplace_back(path, scalar(value));
    }
}

}  // namespace

std::string text_at(Json const& document, std::string_view path) {
    auto const* member = member_at(document, path);
    return member ? scalar(*member) : std::string{};
}

std::int64_t number_at(Json const& document, std::string_view path) {
    auto const* member = member_at(document, path);
    return member && member->is_number_integer() ? member->get<std::int64_t>() : 0;
}

std::string age_of(std::string_view iso_time, base::TimePoint now) {
    auto const time = base::parse_iso8601(iso_time);
    if (!time) return {};
    auto const seconds =
        std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(now - *time).count(), 0);
    constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 86'400;
    if (seconds < 2 * kMinute) return fmt::format("{}s", seconds);
    if (seconds < 2 * kHour) return fmt::format("{}m", seconds / kMinute);
    if (seconds < 2 * kDay) return fmt::format("{}h", seconds / kHour);
    return fmt::format("{}d", seconds / kDay);
}

std::vector<std::pair<std::string, std::string>> flatten(
    Json const& document, std::vector<std::string_view> const& first
) {
    std::vector<std::pair<std::string, std::string>> lines;
    for (auto const name : first) {
        if (auto const* member = member_at(document, name)) flatten_into(*member, std::string(name), lines);
    }
    for (auto const& [name, member] : document.items()) {
        bool const is_shown = std::find(first.begin(), first.end(), name) != first.end();
        if (!is_shown && !is_envelope(name)) flatten_into(member, name, lines);
    }
    return lines;
}

std::string to_text(Json const& document) {
    constexpr int kIndent = 2;
    bool const is_composed = document.is_structured();
    return document.dump(is_composed ? kIndent : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bluebatch::cli
