#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/subscription.hpp"
#include "emulator/resources/wire/storage_account.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

using domain::AccountKind;
constexpr std::size_t kMostAccounts = 250;  // of a subscription in a region

Json to_json(service::Account const& account) {
    return wire::to_json(account.facts, account.record);
}

Result<http::Response> check_name(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const name = wire::text_at(*body, {"name"});
    if (!domain::is_account_name(name))
        return wire::answer({
            {"nameAvailable", false},
            {"reason", "AccountNameInvalid"},
            {"message", wire::bad_storage_account_name(name).message},
        });
    if (!call.accounts().find(AccountKind::storage, name)) return wire::answer({{"nameAvailable", true}});
    return wire::answer({
        {"nameAvailable", false},
        {"reason", "AlreadyExists"},
        {"message", fmt::format("The storage account named {} is already taken.", name)},
    });
}

Result<Json> read_storage_account(Call const& call) {
    auto body = read_account(call);
    if (!body) return body;
    if (auto const fault = wire::fault_of_storage(*body)) return *fault;
    return body;
}

void take_over_account(Json const& body, Json& document) {
    for (auto const* const member : {"sku", "kind", "tags"})
        if (auto const* const value = wire::find(body, member)) document[member] = *value;
    if (auto const* const properties = wire::find(body, "properties"))
        wire::merge(document["properties"], *properties);
}

http::Response change(Call const& call, service::Account account, Json const& body) {
    auto document = document_of(account);
    take_over_account(body, document);
    account.record.document = wire::dump(document);
    account.record.changed = call.now;
    service::write_record(call.world, account.record);
    return wire::answer(to_json(account));
}

// A name is taken by whoever has it, in this subscription or, on Azure, in another.
Refusal taken(std::string_view name) {
    return {
        409,
        "StorageAccountAlreadyExists",
        fmt::format("The storage account named {} already exists under the subscription.", name),
        Origin::service};
}

http::Response accept_new(Call const& call, service::Account const& account) {
    auto const operation = call.world.around.random.guid();
    auto response = accept(
        call,
        {operation,
         fmt::format(
             "/subscriptions/{}/providers/Microsoft.Storage/locations/{}/asyncoperations/{}",
             kSubscription,
             account.record.location,
             operation
         ),
         "monitor=true&",
         wire::dump(to_json(account))}
    );
    response.headers.set("Content-Type", "text/plain; charset=utf-8");
    return response;
}

Result<http::Response> create(Call const& call, Json const& body) {
    std::string const name{call.path["account"]};
    auto const location = read_location(body, kStorageAccounts);
    if (!location) return location.error();
    storage::Snapshot snapshot(call.world.database);
    auto const group = storage::find_group(snapshot.connection(), call.path["group"]);
    if (service::list_accounts(call.world, AccountKind::storage, {}).size() >= kMostAccounts)
        return Refusal{
            409,
            "MaxStorageAccountsCountPerSubscriptionExceeded",
            fmt::format("Subscription {} has {} storage accounts.", kSubscription, kMostAccounts),
            Origin::service};
    auto document = wire::plain_storage_document();
    take_over_account(body, document);
    auto const account = service::create_account(
        call.world, {AccountKind::storage, name, group->name, *location, wire::dump(document), call.now}
    );
    if (!account) return taken(name);
    return accept_new(call, *account);
}

Result<http::Response> put_account(Call const& call) {
    auto const body = read_storage_account(call);
    if (!body) return body.error();
    auto const name = call.path["account"];
    if (!domain::is_account_name(name)) return wire::bad_storage_account_name(name);
    if (auto const what = wire::find_unsupported_storage(*body); !what.empty())
        return wire::not_emulated(what);
    std::scoped_lock const lock(call.world.changing);
    if (auto account = find_account(call, AccountKind::storage)) return change(call, *std::move(account), *body);
    if (call.accounts().find(AccountKind::storage, name)) return taken(name);
    return create(call, *body);
}

Result<http::Response> patch_account(Call const& call) {
    auto const body = read_storage_account(call);
    if (!body) return body.error();
    if (auto const what = wire::find_unsupported_storage(*body); !what.empty())
        return wire::not_emulated(what);
    std::scoped_lock const lock(call.world.changing);
    auto account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    return change(call, *std::move(account), *body);
}

Result<http::Response> get_account(Call const& call) {
    if (call.request.find_query_ignoring_case("$expand"))
        return wire::not_emulated("$expand of storage accounts");
    auto const account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    return wire::answer(to_json(*account));
}

Result<http::Response> list_accounts(Call const& call) {
    auto values = Json::array();
    for (auto const& account : service::list_accounts(call.world, AccountKind::storage, call.path["group"]))
        values.push_back(to_json(account));
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_account(Call const& call) {
    std::scoped_lock const lock(call.world.changing);
    auto const account = find_account(call, AccountKind::storage);
    if (!account) return wire::empty_answer(204);
    if (!service::remove_account(call.world, AccountKind::storage, account->record.name)) return locked(*account, "delete");
    return wire::empty_answer(200);
}

constexpr std::string_view kProvider =
    "/subscriptions/{subscription}/providers/Microsoft.Storage/storageAccounts";
constexpr std::string_view kGroup =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts";
constexpr std::string_view kAccount =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
    "{account}";
constexpr std::string_view kReadStorageAccounts = "Microsoft.Storage/storageAccounts/read";
constexpr std::string_view kWriteStorageAccounts = "Microsoft.Storage/storageAccounts/write";
constexpr std::array<Route, 7> kStorageAccountRoutes{{
    {post,
     "/subscriptions/{subscription}/providers/Microsoft.Storage/checkNameAvailability",
     "",
     "Microsoft.Storage/checknameavailability/read",
     check_name},
    {get, kProvider, "", kReadStorageAccounts, list_accounts},
    {get, kGroup, "", kReadStorageAccounts, list_accounts},
    {put, kAccount, "", kWriteStorageAccounts, put_account},
    {patch, kAccount, "", kWriteStorageAccounts, patch_account},
    {get, kAccount, "", kReadStorageAccounts, get_account},
    {remove, kAccount, "", "Microsoft.Storage/storageAccounts/delete", delete_account},
}};

}  // namespace

std::span<Route const> storage_account_routes() {
    return kStorageAccountRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
