#include "client/cli/config_file.hpp"

#include "client/cli/settings.hpp"
#include "client/cli/suggest.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

fs::path default_path(Environment const& environment) {
    if (auto const folder = environment("XDG_CONFIG_HOME"))
        return fs::path(*folder) / "bluebatch/config.json";
    if (auto const home = environment("HOME")) return fs::path(*home) / ".config/bluebatch/config.json";
    return {};
}

std::vector<std::string_view> known_keys() {
    std::vector<std::string_view> keys;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Setting::count_); ++i) {
        auto const key = names_of(static_cast<Setting>(i)).config_key;
        if (!key.empty()) keys.push_back(key);
    }
    return keys;
}

base::Result<void> check_key(std::string_view key, std::span<std::string_view const> known) {
    if (std::find(known.begin(), known.end(), key) != known.end()) return {};
    auto const meant = suggest(key, known);
    return base::Failure{
        fmt::format("\"{}\" is unknown{}", key, meant ? fmt::format(". Did you mean \"{}\"?", *meant) : ".")};
}

base::Result<void> check_section(std::string const& name, nlohmann::json const& section) {
    constexpr std::array<std::string_view, 2> kSections{"azure", "emulator"};
    if (auto const known = check_key(name, kSections); !known) return known.error();
    if (!section.is_object()) return base::Failure{fmt::format("\"{}\" must be an object.", name)};
    auto const keys = known_keys();
    for (auto const& [key, value] : section.items()) {
        if (auto const known = check_key(key, keys); !known) return known.error();
        if (!value.is_string()) {
            return base::Failure{fmt::format("\"{}\" of \"{}\" must be a text.", key, name)};
        }
    }
    return {};
}

}  // namespace

base::Result<ConfigFile> read_config_file(
    std::optional<fs::path> const& named, Target target, Environment const& environment
) {
    auto const variable = environment("BLUEBATCH_CONFIG");
    bool const must_exist = named || variable;
    ConfigFile config;
    config.path = named ? *named : variable ? fs::path(*variable) : default_path(environment);
    std::ifstream stream(config.path, std::ios::binary);
    if (!stream) {
        if (!must_exist) return config;
        return base::Failure{fmt::format("The config file {} can't be read.", config.path.string())};
    }
    std::string const text{std::istreambuf_iterator<char>(stream), {}};
    auto const json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) {
        return base::Failure{fmt::format("The config file {} is not a JSON object.", config.path.string())};
    }
    for (auto const& [name, section] : json.items()) {
        if (auto const checked = check_section(name, section); !checked) {
            return base::Failure{
                fmt::format("Config file {}: {}", config.path.string(), checked.error().message)};
        }
    }
    auto const* wanted = target == Target::azure ? "azure" : "emulator";
    auto const section = json.find(wanted);
    if (section == json.end()) return config;
    for (auto const& [key, value] : section->items()) {
        config.values.emplace(key, value.get<std::string>());
    }
    return config;
}

}  // namespace bluebatch::cli
