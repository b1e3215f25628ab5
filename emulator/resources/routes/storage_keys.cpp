#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/wire/storage_account.hpp"
#include "emulator/resources/wire/storage_sas.hpp"

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

using domain::AccountKind;

Result<http::Response> list_storage_keys(Call const& call) {
    // $expand=kerb: there are no Kerberos keys, as of any account without Active Directory.
    auto const account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    return wire::answer(wire::storage_keys(account->facts));
}

Result<http::Response> regenerate_key(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const name = wire::text_at(*body, {"keyName"});
    if (name != "key1" && name != "key2") return wire::bad_storage_values("keyName");
    Changing const changing(call.world);
    auto const account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    auto const slot = name == "key1" ? domain::AccountKeySlot::primary : domain::AccountKeySlot::secondary;
    auto const renewed = call.accounts().renew_key(AccountKind::storage, account->facts.name, slot);
    if (!renewed) return locked(*account, "write");
    return wire::answer(wire::storage_keys(*renewed));
}

// The key that a signature is to be made with; the first unless the body says otherwise.
std::string_view key_for(domain::Account const& account, Json const& body) {
    auto const name = wire::text_at(body, {"keyToSign"});
    if (name.empty() || name == "key1") return account.keys.front().base64;
    return name == "key2" ? std::string_view{account.keys.back().base64} : std::string_view{};
}

using MakeSas = Result<std::string> (*)(Json const&, std::string_view, std::string_view);

template <MakeSas make>
Result<http::Response> list_sas(Call const& call, char const* member) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    auto const key = key_for(account->facts, *body);
    if (key.empty()) return wire::bad_storage_values("keyToSign");
    auto sas = make(*body, account->facts.name, key);
    if (!sas) return sas.error();
    return wire::answer({{member, *std::move(sas)}});
}

Result<http::Response> list_account_sas(Call const& call) {
    return list_sas<wire::account_sas>(call, "accountSasToken");
}

Result<http::Response> list_service_sas(Call const& call) {
    return list_sas<wire::service_sas>(call, "serviceSasToken");
}

constexpr std::array<Route, 4> kStorageKeyRoutes{{
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
     "{account}/listKeys",
     "",
     "Microsoft.Storage/storageAccounts/listKeys/action",
     list_storage_keys},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
     "{account}/regenerateKey",
     "",
     "Microsoft.Storage/storageAccounts/regeneratekey/action",
     regenerate_key},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
     "{account}/ListAccountSas",
     "",
     "Microsoft.Storage/storageAccounts/listAccountSas/action",
     list_account_sas},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
     "{account}/ListServiceSas",
     "",
     "Microsoft.Storage/storageAccounts/listServiceSas/action",
     list_service_sas},
}};

}  // namespace

std::span<Route const> storage_key_routes() {
    return kStorageKeyRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
