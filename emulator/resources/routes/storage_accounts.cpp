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

Result<http::Response> check_storage_name(Call const& call) {
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

// What the body sets, and where; the account's document is made from the former.
struct Wanted {
    Json body;
    Json given;
};

Result<Wanted> read_storage_account(Call const& call) {
    auto body = read_account(call);
    if (!body) return body.error();
    auto given = wire::read_storage(*body);
    if (!given) return given.error();
    return Wanted{*std::move(body), *std::move(given)};
}

http::Response change(Call const& call, service::Account account, Json const& given) {
    auto document = document_of(account);
    wire::take_over_storage(given, document);
    account.record.document = wire::dump(document);
    account.record.changed = call.now;
    // Made before it is kept: what can't be shown must not be.
    auto shown = to_json(account);
    service::write_record(call.world, account.record);
    return wire::answer(shown);
}

// Names are one for all groups and subscriptions.
Refusal name_taken(Call const& call, std::string_view name) {
    if (service::find_account(call.world, AccountKind::storage, name))
        return {
            409,
            "StorageAccountInAnotherResourceGroup",
            fmt::format("The account {} is already in another resource group in this subscription.", name),
            Origin::service};
    return {
        409,
        "StorageAccountAlreadyTaken",
        fmt::format("The storage account named {} is already taken.", name),
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

Result<http::Response> create(
    Call const& call, storage::ResourceGroup const& group, std::string const& location, Json const& given
) {
    std::string const name{call.path["account"]};
    if (auto const fault = wire::fault_of_new_storage(given)) return *fault;
    if (call.accounts().find(AccountKind::storage, name)) return name_taken(call, name);
    if (service::list_accounts(call.world, AccountKind::storage, {}).size() >= kMostAccounts)
        return Refusal{
            409,
            "MaxStorageAccountsCountPerSubscriptionExceeded",
            fmt::format("Subscription {} has {} storage accounts.", kSubscription, kMostAccounts),
            Origin::service};
    auto document = Json::object();
    wire::take_over_storage(given, document);
    auto const account = service::create_account(
        call.world, {AccountKind::storage, name, group.name, location, wire::dump(document), call.now}
    );
    if (!account) return name_taken(call, name);
    return accept_new(call, *account);
}

Result<http::Response> put_storage_account(Call const& call) {
    auto const wanted = read_storage_account(call);
    if (!wanted) return wanted.error();
    auto const name = call.path["account"];
    if (!domain::is_account_name(name)) return wire::bad_storage_account_name(name);
    if (auto const what = wire::find_unsupported_storage(wanted->body); !what.empty())
        return wire::not_emulated(what);
    auto const location = read_location(wanted->body, kStorageAccounts);
    if (!location) return location.error();
    Changing const changing(call.world);
    auto const group = require_group(call, changing);
    if (!group) return group.error();
    auto account = find_account(call, AccountKind::storage);
    if (!account) return create(call, *group, *location, wanted->given);
    if (auto const fault = fault_of_place(*account, *location)) return *fault;
    return change(call, *std::move(account), wanted->given);
}

Result<http::Response> patch_storage_account(Call const& call) {
    auto const wanted = read_storage_account(call);
    if (!wanted) return wanted.error();
    if (auto const what = wire::find_unsupported_storage(wanted->body); !what.empty())
        return wire::not_emulated(what);
    Changing const changing(call.world);
    auto account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    return change(call, *std::move(account), wanted->given);
}

Result<http::Response> get_storage_account(Call const& call) {
    if (call.request.find_query_ignoring_case("$expand"))
        return wire::not_emulated("$expand of storage accounts");
    auto const account = require_account(call, AccountKind::storage);
    if (!account) return account.error();
    return wire::answer(to_json(*account));
}

Result<http::Response> list_storage_accounts(Call const& call) {
    auto values = Json::array();
    for (auto const& account : service::list_accounts(call.world, AccountKind::storage, call.path["group"]))
        values.push_back(to_json(account));
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_storage_account(Call const& call) {
    Changing const changing(call.world);
    auto const account = find_account(call, AccountKind::storage);
    if (!account) {
        service::forget_account(call.world, AccountKind::storage, call.path["group"], call.path["account"]);
        return wire::empty_answer(204);
    }
    if (!service::remove_account(call.world, AccountKind::storage, account->record.name))
        return locked(*account, "delete");
    return wire::empty_answer(200);
}

constexpr std::string_view kStorageProvider =
    "/subscriptions/{subscription}/providers/Microsoft.Storage/storageAccounts";
constexpr std::string_view kStorageOfGroup =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts";
constexpr std::string_view kStorageAccount =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
    "{account}";
constexpr std::string_view kReadStorageAccounts = "Microsoft.Storage/storageAccounts/read";
constexpr std::string_view kWriteStorageAccounts = "Microsoft.Storage/storageAccounts/write";
constexpr std::array<Route, 7> kStorageAccountRoutes{{
    {post,
     "/subscriptions/{subscription}/providers/Microsoft.Storage/checkNameAvailability",
     "",
     "Microsoft.Storage/checknameavailability/read",
     check_storage_name},
    {get, kStorageProvider, "", kReadStorageAccounts, list_storage_accounts},
    {get, kStorageOfGroup, "", kReadStorageAccounts, list_storage_accounts},
    {put, kStorageAccount, "", kWriteStorageAccounts, put_storage_account},
    {patch, kStorageAccount, "", kWriteStorageAccounts, patch_storage_account},
    {get, kStorageAccount, "", kReadStorageAccounts, get_storage_account},
    {remove, kStorageAccount, "", "Microsoft.Storage/storageAccounts/delete", delete_storage_account},
}};

}  // namespace

std::span<Route const> storage_account_routes() {
    return kStorageAccountRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
