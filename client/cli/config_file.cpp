#include "client/cli/config_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

fs::path default_path(Environment const& environment) {
    if (auto const folder = environment("XDG_CONFIG_HOME"))
        return fs::path(*folder) / "bluebatch/config.json";
    if (auto const home = environment("HOME")) return fs::path(*home) / ".config/bluebatch/config.json";
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
    auto const* name = target == Target::azure ? "azure" : "emulator";
    auto const section = json.find(name);
    if (section == json.end()) return config;
    for (auto const& [key, value] : section->items()) {
        if (!value.is_string()) {
            return base::Failure{
                fmt::format("{}: \"{}\" of \"{}\" must be a text.", config.path.string(), key, name)};
        }
        config.values.emplace(key, value.get<std::string>());
    }
    return config;
}

}  // namespace bluebatch::cli
