#include "client/cli/run/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace bluebatch::cli {

namespace {

using Json = nlohmann::json;

template <class Map>
auto value_of(Map const& map, std::string const& key) {
    auto const found = map.find(key);
    return found == map.end() ? typename Map::mapped_type{} : found->second;
}

std::string times(std::uint64_t count) {
    return count == 1 ? "once" : fmt::format("{} times", count);
}

}  // namespace

std::optional<Report> parse_report(std::string_view json) {
    auto const document = Json::parse(json, nullptr, false);
    if (!document.is_object()) return std::nullopt;
    try {
        Report report;
        for (auto const& [service, count] : document.at("requests").items())
            report.services[service].requests = count.get<std::uint64_t>();
        for (auto const& [service, count] : document.at("failures").items())
            report.services[service].failures = count.get<std::uint64_t>();
        for (auto const& row : document.at("notEmulated"))
            report.not_emulated[row.at("what").get<std::string>()] = row.at("count").get<std::uint64_t>();
        return report;
    } catch (Json::exception const&) {
        return std::nullopt;
    }
}

std::vector<std::string> describe_change(Report const& before, Report const& after) {
    std::vector<std::string> lines;
    std::vector<std::string> parts;
    for (auto const& [service, counts] : after.services) {
        auto const old = value_of(before.services, service);
        if (counts.requests <= old.requests) continue;
        auto part = fmt::format("{} of {}", counts.requests - old.requests, service);
        if (counts.failures > old.failures)
            part += fmt::format(" ({} refused)", counts.failures - old.failures);
        parts.push_back(std::move(part));
    }
    if (!parts.empty())
        lines.push_back(fmt::format("Requests that the emulator answered: {}.", fmt::join(parts, ", ")));
    for (auto const& [what, count] : after.not_emulated) {
        auto const old = value_of(before.not_emulated, what);
        if (count > old)
            lines.push_back(fmt::format("Not emulated: {} (asked for {}).", what, times(count - old)));
    }
    return lines;
}

}  // namespace bluebatch::cli
