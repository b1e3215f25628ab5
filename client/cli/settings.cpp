#include "client/cli/settings.hpp"

#include <fmt/format.h>

#include <utility>

namespace bluebatch::cli {
namespace {

// clang-format off
constexpr std::array<SettingNames, static_cast<std::size_t>(Setting::count_)> kNames{{
    {Setting::batch_endpoint,        "--batch-url",         {"AZURE_BATCH_ENDPOINT", "AZURE_BATCH_ACCOUNT_URL"},     "BLUEBATCH_BATCH_URL",         "batch_endpoint"},
    {Setting::batch_account,         "--batch-account",     {"AZURE_BATCH_ACCOUNT", "AZURE_BATCH_ACCOUNT_NAME"},     "BLUEBATCH_BATCH_ACCOUNT",     "batch_account"},
    {Setting::batch_key,             "--batch-key",         {"AZURE_BATCH_ACCESS_KEY", "AZURE_BATCH_ACCOUNT_KEY"},   "BLUEBATCH_BATCH_KEY",         "batch_key"},
    {Setting::connection_string,     "--connection-string", {"AZURE_STORAGE_CONNECTION_STRING", ""},                 "BLUEBATCH_CONNECTION_STRING", "connection_string"},
    {Setting::storage_account,       "--storage-account",   {"AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME"}, "BLUEBATCH_STORAGE_ACCOUNT",   "storage_account"},
    {Setting::storage_key,           "--storage-key",       {"AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"},      "BLUEBATCH_STORAGE_KEY",       "storage_key"},
    {Setting::storage_sas,           "--sas",               {"AZURE_STORAGE_SAS_TOKEN", ""},                         "BLUEBATCH_STORAGE_SAS",       "storage_sas"},
    {Setting::blob_endpoint,         "--blob-url",          {"AZURE_STORAGE_BLOB_ENDPOINT", ""},                     "BLUEBATCH_BLOB_URL",          "blob_endpoint"},
    {Setting::auth,                  "--auth",              {"BLUEBATCH_AUTH", ""},                                  "BLUEBATCH_AUTH",              "auth"},
    {Setting::cloud,                 "--cloud",             {"AZURE_CLOUD", "BLUEBATCH_CLOUD"},                      "",                            "cloud"},
    {Setting::tenant_id,             "",                    {"AZURE_TENANT_ID", ""},                                 "",                            "tenant_id"},
    {Setting::client_id,             "",                    {"AZURE_CLIENT_ID", ""},                                 "",                            "client_id"},
    {Setting::client_secret,         "",                    {"AZURE_CLIENT_SECRET", ""},                             "",                            "client_secret"},
    {Setting::authority_host,        "",                    {"AZURE_AUTHORITY_HOST", ""},                            "",                            "authority_host"},
    {Setting::federated_token_file,  "",                    {"AZURE_FEDERATED_TOKEN_FILE", ""},                      "",                            "federated_token_file"},
    {Setting::identity_endpoint,     "",                    {"IDENTITY_ENDPOINT", ""},                               "",                            ""},
    {Setting::identity_header,       "",                    {"IDENTITY_HEADER", ""},                                 "",                            ""},
    {Setting::identity_thumbprint,   "",                    {"IDENTITY_SERVER_THUMBPRINT", ""},                      "",                            ""},
    {Setting::imds_endpoint,         "",                    {"IMDS_ENDPOINT", ""},                                   "",                            ""},
    {Setting::msi_endpoint,          "",                    {"MSI_ENDPOINT", ""},                                    "",                            ""},
    {Setting::machine_identity_host, "",                    {"AZURE_POD_IDENTITY_AUTHORITY_HOST", ""},               "",                            ""},
}};
// clang-format on

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i].setting != static_cast<Setting>(i)) return false;
    }
    return true;
}
static_assert(is_in_order());

}  // namespace

SettingNames const& names_of(Setting setting) {
    return kNames[static_cast<std::size_t>(setting)];
}

Flags flags_of(ConnectionOptions const& options) {
    Flags flags;
    auto const take = [&flags](Setting setting, std::optional<std::string> const& value) {
        if (value) flags.emplace(setting, *value);
    };
    take(Setting::batch_endpoint, options.batch_url);
    take(Setting::batch_account, options.batch_account);
    take(Setting::batch_key, options.batch_key);
    take(Setting::connection_string, options.connection_string);
    take(Setting::storage_account, options.storage_account);
    take(Setting::storage_key, options.storage_key);
    take(Setting::storage_sas, options.sas);
    take(Setting::blob_endpoint, options.blob_url);
    take(Setting::auth, options.auth);
    take(Setting::cloud, options.cloud);
    return flags;
}

Sources::Sources(Target target, Flags flags, Environment environment, ConfigFile config)
    : target_(target),
      flags_(std::move(flags)),
      environment_(std::move(environment)),
      config_(std::move(config)) {}

std::optional<Found> Sources::find_in_environment(SettingNames const& names) const {
    std::array<std::string_view, 2> const emulator{names.emulator_variable, ""};
    for (auto const name : target_ == Target::azure ? names.azure_variables : emulator) {
        if (name.empty()) continue;
        if (auto value = environment_(std::string(name))) {
            return Found{*std::move(value), Level::environment, std::string(name)};
        }
    }
    return std::nullopt;
}

std::optional<Found> Sources::find(Setting setting) const {
    auto const& names = names_of(setting);
    if (auto const flag = flags_.find(setting); flag != flags_.end()) {
        return Found{flag->second, Level::flag, std::string(names.flag)};
    }
    if (auto found = find_in_environment(names)) return found;
    if (names.config_key.empty()) return std::nullopt;
    if (auto const value = config_.values.find(names.config_key); value != config_.values.end()) {
        return Found{value->second, Level::config_file, config_.path.string()};
    }
    return std::nullopt;
}

std::string describe(Found const& found) {
    switch (found.level) {
        case Level::flag:
            return fmt::format("flag {}", found.place);
        case Level::environment:
            return fmt::format("environment {}", found.place);
        case Level::config_file:
            return fmt::format("config file {}", found.place);
        case Level::default_value:
            break;
    }
    return found.place;
}

}  // namespace bluebatch::cli
