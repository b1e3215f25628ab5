#include "emulator/app/storage_access.hpp"

#include "shared/azure/storage_sas.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::app {

namespace {

constexpr std::chrono::days kAccess{7};

std::string container_sas(
    Account const& account, std::string container, std::string permissions, base::Clock& clock
) {
    azure::ServiceSasOptions options;
    options.account = account.name;
    options.key_base64 = account.keys_base64.front();
    options.container = std::move(container);
    options.permissions = std::move(permissions);
    options.expiry = clock.now() + kAccess;
    return azure::make_service_sas(options);
}

node::TransferError denied(std::string message) {
    return {node::TransferFault::access_denied, std::move(message)};
}

}  // namespace

node::AutoStorage auto_storage(Options const& options, node::BlobEndpoint blob, base::Clock& clock) {
    return [&options, &clock, blob = std::move(blob)](std::string const& container) {
        auto const& account = options.blob_accounts.front();
        auto const sas = container_sas(account, container, "rl", clock);
        return fmt::format("http://{}:{}/{}/{}?{}", blob.host, blob.port, account.name, container, sas);
    };
}

node::IdentityAccess identity_access(Options const& options, node::BlobEndpoint blob, base::Clock& clock) {
    return [&options, &clock, blob = std::move(blob)](
               std::string const& url, std::string const& identity
           ) -> node::TransferResult<std::string> {
        bool const is_known = std::ranges::any_of(options.pool_identities, [&](std::string const& id) {
            return base::equal_ignoring_case(id, identity);
        });
        if (!is_known) return denied(fmt::format("The pool has no user-assigned identity '{}'", identity));
        auto const place = node::find_own_container(blob, url);
        auto const account = std::ranges::find_if(options.blob_accounts, [&](Account const& candidate) {
            return place && candidate.name == place->account;
        });
        if (account == options.blob_accounts.end())
            return denied("Identities open containers of this emulator's own storage accounts only");
        auto const sas = container_sas(*account, place->container, "racwdl", clock);
        return url + (url.find('?') == std::string::npos ? '?' : '&') + sas;
    };
}

}  // namespace bluebatch::emulator::app
