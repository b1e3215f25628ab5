#include "client/cli/commands/values.hpp"

#include "client/cli/durations.hpp"
#include "shared/base/text.hpp"

#include <utility>

namespace bluebatch::cli {

void Values::set(std::string_view name, std::vector<std::string> values) {
    values_.insert_or_assign(std::string(name), std::move(values));
}

bool Values::has(std::string_view name) const {
    return values_.contains(name);
}

std::string const& Values::text(std::string_view name) const {
    static std::string const kNothing;
    auto const& values = all(name);
    return values.empty() ? kNothing : values.front();
}

std::optional<std::string> Values::find(std::string_view name) const {
    if (!has(name)) return std::nullopt;
    return text(name);
}

std::vector<std::string> const& Values::all(std::string_view name) const {
    static std::vector<std::string> const kNone;
    auto const found = values_.find(name);
    return found == values_.end() ? kNone : found->second;
}

std::optional<int> Values::count(std::string_view name) const {
    return base::parse_number<int>(text(name));
}

std::chrono::seconds Values::duration(std::string_view name) const {
    return parse_duration(text(name)).value_or(std::chrono::seconds(0));
}

}  // namespace bluebatch::cli
