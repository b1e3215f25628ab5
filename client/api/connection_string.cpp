#include "client/api/connection_string.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <map>

namespace bluebatch::client {
namespace {

using Settings = std::map<std::string, std::string, std::less<>>;

base::Result<Settings> read_settings(std::string_view text) {
    Settings settings;
    for (auto part : base::split(text, ';')) {
        part = base::trim(part);
        if (part.empty()) continue;
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) {
            return base::Failure{"The connection string has a part without '='; parts look like Name=value;"};
        }
        settings[base::to_lower(base::trim(part.substr(0, equals)))] = part.substr(equals + 1);
    }
    return settings;
}

std::string get(Settings const& settings, std::string_view name) {
    auto const found = settings.find(name);
    return found != settings.end() ? found->second : std::string{};
}

std::string without_slash(std::string url) {
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

StorageAccount development_account(Settings const& settings) {
    auto proxy = without_slash(get(settings, "developmentstorageproxyuri"));
    if (proxy.empty()) proxy = "http://127.0.0.1";
    return StorageAccount{
        .name = std::string(kDevelopmentStorageAccount),
        .key_base64 = std::string(kDevelopmentStorageKey),
        .sas = {},
        .blob_endpoint = fmt::format("{}:10000/{}", proxy, kDevelopmentStorageAccount),
    };
}

}  // namespace

base::Result<StorageAccount> parse_connection_string(std::string_view text) {
    auto const settings = read_settings(text);
    if (!settings) return settings.error();
    if (base::equal_ignoring_case(get(*settings, "usedevelopmentstorage"), "true")) {
        return development_account(*settings);
    }
    StorageAccount account{
        .name = get(*settings, "accountname"),
        .key_base64 = get(*settings, "accountkey"),
        .sas = get(*settings, "sharedaccesssignature"),
        .blob_endpoint = without_slash(get(*settings, "blobendpoint")),
    };
    if (account.sas.starts_with('?')) account.sas.erase(0, 1);
    if (account.name.empty() && account.blob_endpoint.empty()) {
        return base::Failure{"The connection string has neither AccountName nor BlobEndpoint."};
    }
    if (account.key_base64.empty() && account.sas.empty()) {
        return base::Failure{"The connection string has neither AccountKey nor SharedAccessSignature."};
    }
    if (!account.key_base64.empty() && account.name.empty()) {
        return base::Failure{"The connection string has an AccountKey but no AccountName."};
    }
    if (!account.key_base64.empty() && !base::parse_base64(account.key_base64)) {
        return base::Failure{"The AccountKey of the connection string is not base64; was it cut off?"};
    }
    if (account.blob_endpoint.empty()) {
        auto protocol = get(*settings, "defaultendpointsprotocol");
        auto suffix = get(*settings, "endpointsuffix");
        if (protocol.empty()) protocol = "https";
        if (suffix.empty()) suffix = "core.windows.net";
        account.blob_endpoint = fmt::format("{}://{}.blob.{}", protocol, account.name, suffix);
    }
    return account;
}

}  // namespace bluebatch::client
