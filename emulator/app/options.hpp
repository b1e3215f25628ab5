#pragma once

#include "emulator/app/own_certificate.hpp"
#include "emulator/domain/quotas.hpp"
#include "emulator/identity/directory.hpp"
#include "emulator/simulation/behaviour.hpp"
#include "emulator/storage/disk.hpp"
#include "shared/base/log.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bluebatch::emulator::app {

struct Account {
    std::string name;
    std::vector<std::string> keys_base64;  // one or two
};

// Whether the Blob service takes tokens of Microsoft Entra ID, whose signatures it can't check.
enum class BearerTokens { refused, basic };

enum class Command { run, show_authority };

struct Options {
    Command command = Command::run;
    bool prints_pem = false;  // show_authority: the certificate instead of its path
    std::string host = "127.0.0.1";
    std::uint16_t blob_port = 10000;
    std::uint16_t batch_port = 10003;
    std::filesystem::path location;  // empty with in_memory
    bool in_memory = false;
    storage::Durability durability = storage::Durability::process;
    std::vector<Account> blob_accounts;
    std::vector<Account> batch_accounts;
    domain::Quotas batch_quotas;
    std::vector<std::string> pool_identities;  // resource ids of what every pool has
    bool blob_versioning = false;
    std::optional<std::int64_t> blob_soft_delete;       // days
    std::optional<std::int64_t> container_soft_delete;  // days
    bool blob_access_tracking = false;
    bool uses_development_keys = false;    // for one of the services at least
    std::filesystem::path endpoints_file;  // empty: none is written
    unsigned max_parallel = 0;             // runs at once over all nodes
    std::chrono::milliseconds node_start_delay{0};
    std::chrono::milliseconds spot_return_delay = std::chrono::minutes{1};
    std::optional<simulation::Behaviour> simulation;  // empty: tasks really run
    bool isolate_transcodes = false;
    std::vector<identity::Client> principals;  // empty: everybody may do everything
    BearerTokens bearer_tokens = BearerTokens::refused;
    OwnCertificate own_certificate;
    base::log::Level log_level = base::log::Level::warning;
    base::log::Format log_format = base::log::Format::text;
};

// The program is to end now with this status: --help was asked for, or the command line is wrong. The text
// has been printed.
struct Exit {
    int status;
};

// Flags first, then BLUEBATCH_ variables, then defaults; Azurite's names for the same things are understood.
std::variant<Options, Exit> parse_options(int argc, char const* const* argv);

}  // namespace bluebatch::emulator::app
