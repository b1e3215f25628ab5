#include "client/cli/accounts.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::string_view kEmulatorDefault = "emulator default";
constexpr std::string_view kEmulatorBatchEndpoint = "http://127.0.0.1:10003";
constexpr std::string_view kEmulatorBlobEndpoint = "http://127.0.0.1:10000/devstoreaccount1";
constexpr std::string_view kEmulatorBatchAccount = "devbatchaccount1";
constexpr std::string_view kEmulatorBatchKey =
    "Ymx1ZWJhdGNoIGVtdWxhdG9yOiB0aGUgd2VsbC1rbm93biBkZXZlbG9wbWVudCBrZXksIG5vdCBhIHNlY3JldA==";

Found emulator_default(std::string_view value) {
    return Found{std::string(value), Level::default_value, std::string(kEmulatorDefault)};
}

// Endpoints are pasted with and without a scheme.
std::string normalise_endpoint(std::string url, Target target) {
    url = std::string(base::trim(url));
    if (url.find("://") == std::string::npos) {
        url.insert(0, target == Target::azure ? "https://" : "http://");
    }
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

// Endpoints are shown and may land in logs, so they must hold no secret.
base::Result<void> check_endpoint(std::string_view url, std::string_view source) {
    auto const begin = url.find("://");
    auto const rest = begin == std::string_view::npos ? url : url.substr(begin + 3);
    if (rest.find_first_of("?#") != std::string_view::npos) {
        return base::Failure{fmt::format(
            "The endpoint from {} has a query. A SAS belongs into AZURE_STORAGE_SAS_TOKEN, or into a "
            "connection "
            "string as BlobEndpoint=URL;SharedAccessSignature=SAS.",
            source
        )};
    }
    if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos) {
        return base::Failure{fmt::format(
            "The endpoint from {} has a name or password before its host. Keys have settings of their own.",
            source
        )};
    }
    return {};
}

constexpr std::string_view kFromAccount = "from the account's name";
constexpr std::string_view kFromEndpoint = "from the endpoint";

std::string source_of(std::optional<Found> const& found, std::string_view otherwise) {
    return found ? describe(*found) : std::string(otherwise);
}

// "myaccount" of "https://myaccount.westeurope.batch.azure.com"
std::string account_of(std::string_view endpoint) {
    auto host = endpoint.substr(endpoint.find("://") + 3);
    if (host.find(".batch.") == std::string_view::npos) return {};
    return std::string(host.substr(0, host.find('.')));
}

// "mystore" of "https://mystore.blob.core.windows.net"
std::string account_of_blob(std::string_view endpoint) {
    auto host = endpoint.substr(endpoint.find("://") + 3);
    return std::string(host.substr(0, host.find('.')));
}

base::Failure missing(std::string_view what, Setting setting, Target target) {
    auto const& names = names_of(setting);
    if (target == Target::emulator) {
        return base::Failure{
            fmt::format("No {}: set {} or give {}.", what, names.emulator_variable, names.flag)};
    }
    auto const flag = names.flag.empty() ? std::string{} : fmt::format(", or give {}", names.flag);
    return base::Failure{fmt::format("No {}: set {}{}.", what, names.azure_variables[0], flag)};
}

base::Result<void> check_key(Found const& key, Target target) {
    if (base::trim(key.value).empty()) {
        return base::Failure{fmt::format(
            "The key from {} is empty. Give the account's key, or leave it out {}.",
            describe(key),
            target == Target::emulator ? "to take the emulator's own" : "to sign in without one"
        )};
    }
    if (base::parse_base64(key.value)) return {};
    return base::Failure{fmt::format("The key from {} is not base64; was it cut off?", describe(key))};
}

// "NAME:KEY[:KEY2];...", as the emulator takes its accounts, maybe from the same variable: the first of them,
// with its key where there is no other. What is left is the name, for only that may be shown.
void split_account(std::optional<Found>& name, std::optional<Found>& key) {
    if (!name || name->value.find(':') == std::string::npos) return;
    std::string_view first;
    for (auto const part : base::split(name->value, ';')) {
        first = base::trim(part);
        if (!first.empty()) break;
    }
    auto const words = base::split(first, ':');
    if (!key) key = Found{std::string(words.size() > 1 ? words[1] : ""), name->level, name->place};
    name->value = std::string(words[0]);
}

// Fills batch; fails when something is missing that has no default.
base::Result<void> find_batch(Accounts& accounts, Sources const& sources, SignIn way) {
    bool const emulated = accounts.target == Target::emulator;
    auto endpoint = sources.find(Setting::batch_endpoint);
    if (!endpoint && !emulated) {
        return base::Failure{
            "No Batch endpoint: set AZURE_BATCH_ENDPOINT to https://ACCOUNT.REGION.batch.azure.com, as the "
            "portal "
            "shows it under Keys, or give --batch-url."};
    }
    if (!endpoint) endpoint = emulator_default(kEmulatorBatchEndpoint);
    if (auto const checked = check_endpoint(endpoint->value, describe(*endpoint)); !checked) {
        return checked.error();
    }
    accounts.batch.endpoint = normalise_endpoint(endpoint->value, accounts.target);
    accounts.batch_sources.endpoint = describe(*endpoint);
    accounts.are_emulator_defaults = endpoint->level == Level::default_value;

    auto name = sources.find(Setting::batch_account);
    auto key = sources.find(Setting::batch_key);
    split_account(name, key);
    accounts.batch.name = name       ? name->value
                          : emulated ? std::string(kEmulatorBatchAccount)
                                     : account_of(accounts.batch.endpoint);
    accounts.batch_sources.name = source_of(name, emulated ? kEmulatorDefault : kFromEndpoint);
    if (accounts.batch.name.empty()) return missing("Batch account", Setting::batch_account, accounts.target);

    if (!key && emulated) key = emulator_default(kEmulatorBatchKey);
    if (key && !gives_tokens(way)) {
        if (auto const checked = check_key(*key, accounts.target); !checked) return checked.error();
        accounts.batch.key_base64 = key->value;
        accounts.batch_source = describe(*key);
    } else if (way == SignIn::key) {
        return missing("key for the Batch account", Setting::batch_key, accounts.target);
    } else {
        accounts.batch_source = describe(*accounts.identity);
    }
    return {};
}

// The key or the signature, whichever was said in the first place; at the same place the key, which can do
// more.
base::Result<void> use_storage_credential(
    Accounts& accounts, std::optional<Found> const& key, std::optional<Found> const& sas, SignIn way
) {
    bool const wants_sas =
        sas && way != SignIn::key && (way == SignIn::sas || !key || sas->level < key->level);
    if (gives_tokens(way)) {
        accounts.storage_source = describe(*accounts.identity);
    } else if (wants_sas) {
        auto const text = base::trim(sas->value);
        accounts.storage.sas = text.starts_with('?') ? text.substr(1) : text;
        if (accounts.storage.sas.find("sig=") == std::string::npos) {
            return base::Failure{
                fmt::format("The signature from {} has no sig; was it cut off?", describe(*sas))};
        }
        accounts.storage_source = describe(*sas);
    } else if (way == SignIn::sas) {
        return missing("signature for the storage account", Setting::storage_sas, accounts.target);
    } else if (key) {
        if (auto const checked = check_key(*key, accounts.target); !checked) return checked.error();
        accounts.storage.key_base64 = key->value;
        accounts.storage_source = describe(*key);
    } else if (way == SignIn::key) {
        return missing("key for the storage account", Setting::storage_key, accounts.target);
    } else {
        accounts.storage_source = describe(*accounts.identity);
    }
    return {};
}

// What was said nearer than there.
std::optional<Found> find_nearer(Sources const& sources, Setting setting, Level than) {
    auto found = sources.find(setting);
    return found && found->level < than ? std::move(found) : std::nullopt;
}

base::Result<void> use_connection_string(
    Accounts& accounts, Sources const& sources, Found const& found, SignIn way
) {
    auto account = client::parse_connection_string(found.value);
    if (!account) {
        return base::Failure{fmt::format("{} ({})", account.error().message, describe(found))};
    }
    if (auto const checked = check_endpoint(account->blob_endpoint, describe(found)); !checked) {
        return checked.error();
    }
    auto& storage = accounts.storage = *std::move(account);
    accounts.storage_source = describe(found);
    accounts.storage_sources = {accounts.storage_source, accounts.storage_source};
    auto const key = find_nearer(sources, Setting::storage_key, found.level);
    auto const sas = find_nearer(sources, Setting::storage_sas, found.level);
    if (gives_tokens(way) || (key && way != SignIn::sas) || (sas && way != SignIn::key)) {
        storage.key_base64.clear();
        storage.sas.clear();
        if (storage.name.empty()) storage.name = account_of_blob(storage.blob_endpoint);
        return use_storage_credential(accounts, key, sas, way);
    }
    // Both may stand there; one of them is used.
    if (way == SignIn::sas && !storage.sas.empty()) storage.key_base64.clear();
    bool const has_wanted = (way == SignIn::sas && !storage.sas.empty()) ||
                            (way == SignIn::key && !storage.key_base64.empty()) || way == SignIn::automatic;
    if (!has_wanted) {
        return base::Failure{fmt::format(
            "The connection string from {} has no {}.",
            describe(found),
            way == SignIn::sas ? "SharedAccessSignature" : "AccountKey"
        )};
    }
    return {};
}

base::Result<void> find_storage(Accounts& accounts, Sources const& sources, SignIn way) {
    bool const emulated = accounts.target == Target::emulator;
    auto const text = sources.find(Setting::connection_string);
    auto name = sources.find(Setting::storage_account);
    auto key = sources.find(Setting::storage_key);
    split_account(name, key);
    auto const endpoint = sources.find(Setting::blob_endpoint);
    if (endpoint) {
        if (auto const checked = check_endpoint(endpoint->value, describe(*endpoint)); !checked) {
            return checked.error();
        }
    }
    if (text && (!name || text->level <= name->level)) {
        if (auto const used = use_connection_string(accounts, sources, *text, way); !used)
            return used.error();
        if (endpoint && endpoint->level < text->level) {
            accounts.storage.blob_endpoint = normalise_endpoint(endpoint->value, accounts.target);
            accounts.storage_sources.endpoint = describe(*endpoint);
        }
        accounts.are_emulator_defaults = false;
        return {};
    }
    if (!name && !emulated) {
        return base::Failure{
            "No storage account: set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and one of "
            "AZURE_STORAGE_KEY and AZURE_STORAGE_SAS_TOKEN, or give --connection-string."};
    }
    accounts.storage_sources.name = source_of(name, kEmulatorDefault);
    accounts.storage_sources.endpoint = source_of(endpoint, emulated ? kEmulatorDefault : kFromAccount);
    accounts.storage.name = name ? name->value : std::string(client::kDevelopmentStorageAccount);
    if (!key && emulated) key = emulator_default(client::kDevelopmentStorageKey);
    auto const used = use_storage_credential(accounts, key, sources.find(Setting::storage_sas), way);
    if (!used) return used.error();
    auto const url = endpoint   ? endpoint->value
                     : emulated ? std::string(kEmulatorBlobEndpoint)
                                : client::blob_endpoint_of(accounts.storage.name, *accounts.cloud);
    accounts.storage.blob_endpoint = normalise_endpoint(url, accounts.target);
    if (endpoint) accounts.are_emulator_defaults = false;
    return {};
}

}  // namespace

base::Result<Accounts> find_accounts(Target target, Sources const& sources, Services services) {
    Accounts accounts;
    accounts.target = target;
    auto const way = find_sign_in(target, sources);
    if (!way) return way.error();
    if (target == Target::azure) {
        auto const cloud = find_cloud(sources);
        if (!cloud) return cloud.error();
        accounts.cloud = *cloud;
        accounts.identity = find_identity(*way, sources, **cloud);
    }
    if (services != Services::blob) {
        if (auto const found = find_batch(accounts, sources, *way); !found) return found.error();
    }
    if (services != Services::batch) {
        if (auto const found = find_storage(accounts, sources, *way); !found) return found.error();
    }
    return accounts;
}

std::vector<std::string> describe(Accounts const& accounts) {
    auto const tell = [](std::string_view kind,
                         std::string_view name,
                         std::string_view endpoint,
                         AccountSources const& sources,
                         std::string_view credential) {
        return fmt::format(
            "{} account {} ({}) at {} ({}; credential: {})",
            kind,
            name,
            sources.name,
            endpoint,
            sources.endpoint,
            credential
        );
    };
    auto const& batch = accounts.batch;
    auto const& storage = accounts.storage;
    std::vector<std::string> lines;
    if (!batch.endpoint.empty()) {
        lines.push_back(
            tell("Batch", batch.name, batch.endpoint, accounts.batch_sources, accounts.batch_source)
        );
    }
    if (!storage.blob_endpoint.empty()) {
        lines.push_back(tell(
            "Storage", storage.name, storage.blob_endpoint, accounts.storage_sources, accounts.storage_source
        ));
    }
    return lines;
}

}  // namespace bluebatch::cli
