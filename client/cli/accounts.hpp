#pragma once

#include "client/api/clouds.hpp"
#include "client/api/connection_string.hpp"
#include "client/cli/identity.hpp"
#include "client/cli/settings.hpp"
#include "shared/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::cli {

struct BatchAccount {
    std::string name;
    std::string endpoint;    // without a slash at its end
    std::string key_base64;  // empty: a token is used
};

// Who said what: "environment AZURE_BATCH_ACCOUNT", "config file ...", "emulator default".
struct AccountSources {
    std::string name;
    std::string endpoint;
};

// With whom to speak, and who said so.
struct Accounts {
    Target target = Target::emulator;
    BatchAccount batch;
    client::StorageAccount storage;
    std::optional<Identity> identity;  // for services without a key
    client::Cloud const* cloud = &client::public_cloud();
    std::string batch_source;  // of the credential: "environment AZURE_BATCH_ACCESS_KEY"
    std::string storage_source;
    AccountSources batch_sources;
    AccountSources storage_sources;
    // Where nothing said where the emulator is, one may be started.
    bool are_emulator_defaults = false;
};

// Which of the two services a command speaks to: settings of the other may be missing, and stay empty.
enum class Services : std::uint8_t { batch, blob, both };

// Failures say which variable or flag to set.
base::Result<Accounts> find_accounts(
    Target target, Sources const& sources, Services services = Services::both
);

// One line per service for a person, without secrets: account, endpoint and where each came from.
std::vector<std::string> describe(Accounts const& accounts);

}  // namespace bluebatch::cli
