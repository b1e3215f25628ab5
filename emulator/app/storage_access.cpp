#include "emulator/app/storage_access.hpp"

#include "emulator/storage/accounts/account_store.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::app {

namespace {

constexpr std::chrono::days kAccess{7};

std::string container_sas(
    blob::BlobAccount const& account, std::string container, std::string permissions, base::Clock& clock
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

blob::BlobAccounts::Entry linked_account(Surroundings const& surroundings, std::string_view batch_account) {
    storage::Snapshot snapshot(surroundings.accounts);
    auto const name = storage::find_auto_storage(snapshot.connection(), batch_account);
    return surroundings.blob_accounts.find(auto_storage_name(name, surroundings.blob_accounts));
}

}  // namespace

std::string auto_storage_name(std::optional<std::string> const& linked, blob::BlobAccounts const& accounts) {
    if (linked) return *linked;
    auto const first = accounts.first();
    return first == nullptr ? std::string() : first->name;
}

node::AutoStorage auto_storage(
    Surroundings const& surroundings, node::BlobEndpoint blob, std::string batch_account
) {
    return [&surroundings,
            blob = std::move(blob),
            batch_account = std::move(batch_account)](std::string const& container) {
        auto const account = linked_account(surroundings, batch_account);
        if (account == nullptr) return std::string();
        auto const sas = container_sas(*account, container, "rl", surroundings.clock);
        return fmt::format("http://{}:{}/{}/{}?{}", blob.host, blob.port, account->name, container, sas);
    };
}

node::IdentityAccess identity_access(Surroundings const& surroundings, node::BlobEndpoint blob) {
    return [&surroundings, blob = std::move(blob)](
               std::string const& url, std::string const& identity
           ) -> node::TransferResult<std::string> {
        auto const& identities = surroundings.options.pool_identities;
        bool const is_known = std::ranges::any_of(identities, [&](std::string const& id) {
            return base::equal_ignoring_case(id, identity);
        });
        if (!is_known) return denied(fmt::format("The pool has no user-assigned identity '{}'", identity));
        auto const place = node::find_own_container(blob, url);
        auto const account = place ? surroundings.blob_accounts.find(place->account) : nullptr;
        if (account == nullptr)
            return denied("Identities open containers of this emulator's own storage accounts only");
        auto const sas = container_sas(*account, place->container, "racwdl", surroundings.clock);
        return url + (url.find('?') == std::string::npos ? '?' : '&') + sas;
    };
}

}  // namespace bluebatch::emulator::app
