#pragma once

#include "client/cli/config_file.hpp"
#include "client/cli/environment.hpp"
#include "client/cli/options.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// What says which accounts to use, and the names under which each place knows it.
enum class Setting : std::uint8_t {
    batch_endpoint,
    batch_account,
    batch_key,
    connection_string,
    storage_account,
    storage_key,
    storage_sas,
    blob_endpoint,
    auth,
    cloud,
    tenant_id,
    client_id,
    client_secret,
    authority_host,
    federated_token_file,
    identity_endpoint,
    identity_header,
    identity_thumbprint,
    imds_endpoint,
    msi_endpoint,
    machine_identity_host,
    count_,
};

struct SettingNames {
    Setting setting;
    std::string_view flag;  // "" without one
    std::array<std::string_view, 2> azure_variables;
    std::string_view emulator_variable;
    std::string_view config_key;  // "" without one
};

SettingNames const& names_of(Setting setting);

// Later places count only where earlier ones are silent.
enum class Level : std::uint8_t { flag, environment, config_file, default_value };

struct Found {
    std::string value;
    Level level = Level::default_value;
    std::string place;  // "--batch-url", "AZURE_BATCH_ENDPOINT", "/home/me/.config/bluebatch/config.json"
};

using Flags = std::map<Setting, std::string>;

Flags flags_of(ConnectionOptions const& options);

// Where the accounts' settings come from, in order: flag, environment, config file.
class Sources {
public:
    Sources(Target target, Flags flags, Environment environment, ConfigFile config);
    std::optional<Found> find(Setting setting) const;

private:
    std::optional<Found> find_in_environment(SettingNames const& names) const;

    Target target_;
    Flags flags_;
    Environment environment_;
    ConfigFile config_;
};

// "flag --batch-url", "environment AZURE_BATCH_ENDPOINT", "config file ...", "emulator default"
std::string describe(Found const& found);

}  // namespace bluebatch::cli
