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
            "The endpoint from {} has a query. A SAS belongs into --connection-string, as "
            "BlobEndpoint=URL;SharedAccessSignature=SAS.",
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

base::Failure missing(std::string_view what, Setting setting, Target target) {
    auto const& names = names_of(setting);
    if (target == Target::emulator) {
        return base::Failure{
            fmt::format("No {}: set {} or give {}.", what, names.emulator_variable, names.flag)};
    }
    auto const flag = names.flag.empty() ? std::string{} : fmt::format(", or give {}", names.flag);
    return base::Failure{fmt::format("No {}: set {}{}.", what, names.azure_variables[0], flag)};
}

base::Result<std::optional<client::EntraCredential>> find_entra(Sources const& sources) {
    auto const tenant = sources.find(Setting::tenant_id);
    auto const client = sources.find(Setting::client_id);
    auto const secret = sources.find(Setting::client_secret);
    if (!tenant && !client && !secret) return std::optional<client::EntraCredential>{};
    if (!tenant || !client || !secret) {
        return base::Failure{
            "Microsoft Entra ID needs all three of AZURE_TENANT_ID, AZURE_CLIENT_ID and "
            "AZURE_CLIENT_SECRET."};
    }
    client::EntraCredential credential;
    credential.tenant_id = tenant->value;
    credential.client_id = client->value;
    credential.client_secret = secret->value;
    if (auto const host = sources.find(Setting::authority_host)) {
        credential.authority_host = normalise_endpoint(host->value, Target::azure);
    }
    return std::optional(std::move(credential));
}

base::Failure not_base64(Found const& key) {
    return base::Failure{fmt::format("The key from {} is not base64; was it cut off?", describe(key))};
}

// Fills batch; fails when something is missing that has no default.
base::Result<void> find_batch(Accounts& accounts, Sources const& sources) {
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

    auto const name = sources.find(Setting::batch_account);
    accounts.batch.name = name       ? name->value
                          : emulated ? std::string(kEmulatorBatchAccount)
                                     : account_of(accounts.batch.endpoint);
    accounts.batch_sources.name = source_of(name, emulated ? kEmulatorDefault : kFromEndpoint);
    if (accounts.batch.name.empty()) return missing("Batch account", Setting::batch_account, accounts.target);

    auto key = sources.find(Setting::batch_key);
    if (!key && emulated) key = emulator_default(kEmulatorBatchKey);
    if (key) {
        if (!base::parse_base64(key->value)) return not_base64(*key);
        accounts.batch.key_base64 = key->value;
        accounts.batch_source = describe(*key);
    } else if (accounts.entra) {
        accounts.batch_source = "Microsoft Entra ID, AZURE_CLIENT_ID";
    } else {
        return base::Failure{
            "No key for the Batch account: set AZURE_BATCH_ACCESS_KEY, or AZURE_TENANT_ID, AZURE_CLIENT_ID "
            "and "
            "AZURE_CLIENT_SECRET, or give --batch-key."};
    }
    return {};
}

base::Result<void> use_connection_string(Accounts& accounts, Found const& found) {
    auto account = client::parse_connection_string(found.value);
    if (!account) {
        return base::Failure{fmt::format("{} ({})", account.error().message, describe(found))};
    }
    if (auto const checked = check_endpoint(account->blob_endpoint, describe(found)); !checked) {
        return checked.error();
    }
    accounts.storage = *std::move(account);
    accounts.storage_source = describe(found);
    accounts.storage_sources = {accounts.storage_source, accounts.storage_source};
    return {};
}

base::Result<void> find_storage(Accounts& accounts, Sources const& sources) {
    bool const emulated = accounts.target == Target::emulator;
    auto const text = sources.find(Setting::connection_string);
    auto const name = sources.find(Setting::storage_account);
    auto const endpoint = sources.find(Setting::blob_endpoint);
    if (endpoint) {
        if (auto const checked = check_endpoint(endpoint->value, describe(*endpoint)); !checked) {
            return checked.error();
        }
    }
    if (text && (!name || text->level <= name->level)) {
        if (auto const used = use_connection_string(accounts, *text); !used) return used.error();
        if (endpoint && endpoint->level < text->level) {
            accounts.storage.blob_endpoint = normalise_endpoint(endpoint->value, accounts.target);
            accounts.storage_sources.endpoint = describe(*endpoint);
        }
        accounts.are_emulator_defaults = false;
        return {};
    }
    if (!name && !emulated) {
        return base::Failure{
            "No storage account: set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and "
            "AZURE_STORAGE_KEY, or give --connection-string."};
    }
    accounts.storage_sources.name = source_of(name, kEmulatorDefault);
    accounts.storage_sources.endpoint = source_of(endpoint, emulated ? kEmulatorDefault : kFromAccount);
    accounts.storage.name = name ? name->value : std::string(client::kDevelopmentStorageAccount);
    auto key = sources.find(Setting::storage_key);
    if (!key && emulated) key = emulator_default(client::kDevelopmentStorageKey);
    if (key) {
        if (!base::parse_base64(key->value)) return not_base64(*key);
        accounts.storage.key_base64 = key->value;
        accounts.storage_source = describe(*key);
    } else if (accounts.entra) {
        accounts.storage_source = "Microsoft Entra ID, AZURE_CLIENT_ID";
    } else {
        return missing("key for the storage account", Setting::storage_key, accounts.target);
    }
    auto const url = endpoint   ? endpoint->value
                     : emulated ? std::string(kEmulatorBlobEndpoint)
                                : client::default_blob_endpoint(accounts.storage.name);
    accounts.storage.blob_endpoint = normalise_endpoint(url, accounts.target);
    if (endpoint) accounts.are_emulator_defaults = false;
    return {};
}

}  // namespace

base::Result<Accounts> find_accounts(Target target, Sources const& sources, Services services) {
    Accounts accounts;
    accounts.target = target;
    if (target == Target::azure) {
        auto entra = find_entra(sources);
        if (!entra) return entra.error();
        accounts.entra = *std::move(entra);
    }
    if (services != Services::blob) {
        if (auto const found = find_batch(accounts, sources); !found) return found.error();
    }
    if (services != Services::batch) {
        if (auto const found = find_storage(accounts, sources); !found) return found.error();
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
