#include "emulator/resources/routes/batch_accounts.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/subscription.hpp"
#include "emulator/resources/wire/batch_account.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

using domain::AccountKind;

constexpr char const* kAutoStorageId = "autoStorageId";  // in the document of an account

// The storage account of auto storage, as a body names it.
struct AutoStorage {
    std::string name;  // empty: there is to be none
    std::string id;
};

// Which account `text` is the id of.
Result<AutoStorage> find_storage(Call const& call, std::string const& text) {
    if (!text.starts_with("/subscriptions/") && !text.starts_with("/providers/"))
        return Refusal{
            400,
            "LinkedInvalidPropertyId",
            fmt::format(
                "Property id '{}' at path 'properties.autoStorage.storageAccountId' is invalid. Expect fully "
                "qualified resource Id that start with '/subscriptions/{{subscriptionId}}' or "
                "'/providers/{{resourceProviderNamespace}}/'.",
                text.substr(0, 256)
            )};
    auto const id = parse_resource_id(text);
    bool const is_ours = id && id->is("Microsoft.Storage", {"storageAccounts"}) &&
                         base::equal_ignoring_case(id->subscription, kSubscription);
    auto const account =
        is_ours ? service::find_account(call.world, AccountKind::storage, id->group, id->parts.front().name)
                : std::nullopt;
    if (!account)
        return call.batch_refusal(
            400,
            "StorageAccountNotFound",
            fmt::format("The specified storage account '{}' does not exist.", text.substr(0, 256))
        );
    auto const& record = account->record;
    return AutoStorage{account->facts.name, account_id(record.group, kStorageAccounts, record.name)};
}

// Nothing where the body does not speak of it; null and {} take it away.
Result<std::optional<AutoStorage>> read_auto_storage(Call const& call, Json const& body) {
    auto const* const properties = wire::find(body, "properties");
    if (properties == nullptr || !properties->contains("autoStorage")) return std::optional<AutoStorage>{};
    auto const& given = properties->at("autoStorage");
    if (!given.is_null() && !given.is_object()) return wire::bad_member("autoStorage");
    auto const* const id = wire::find(given, "storageAccountId");
    if (id == nullptr) return std::optional{AutoStorage{}};
    if (!id->is_string()) return wire::bad_member("storageAccountId");
    auto found = find_storage(call, id->get<std::string>());
    if (!found) return found.error();
    return std::optional{*std::move(found)};
}

Result<Json> read_batch_account(Call const& call) {
    auto body = read_account(call);
    if (!body) return body;
    if (auto const properties = wire::find_properties(*body); !properties) return properties.error();
    return body;
}

service::Account write(
    Call const& call, service::Account account, Json const& body, std::optional<AutoStorage> const& storage
) {
    auto document = document_of(account);
    if (auto const* const tags = wire::find(body, "tags")) document["tags"] = *tags;
    if (storage) document["lastKeySync"] = base::to_iso8601(call.now);
    // Kept in full: the storage account may be deleted before the link is.
    if (storage) document[kAutoStorageId] = storage->id;
    account.record.document = wire::dump(document);
    account.record.changed = call.now;
    service::write_record(call.world, account.record);
    if (storage && call.accounts().link_auto_storage(account.facts.name, storage->name))
        account.facts.auto_storage = storage->name;
    return account;
}

http::Response accept_account(Call const& call, service::Account const& account) {
    auto const operation = call.world.around.random.guid();
    return accept(
        call,
        {operation,
         fmt::format(
             "{}/operationResults/{}",
             account_id(account.record.group, kBatchAccounts, account.record.name),
             operation
         ),
         "",
         wire::dump(to_json(call, account))}
    );
}

Refusal taken(Call const& call, std::string_view name) {
    return call.batch_refusal(
        409, "AccountAlreadyExists", fmt::format("An account named '{}' is already in use.", name)
    );
}

Result<service::Account> create(
    Call const& call, storage::ResourceGroup const& group, std::string const& location
) {
    std::string const name{call.path["account"]};
    if (service::list_accounts(call.world, AccountKind::batch, {}).size() >= kMostBatchAccounts)
        return call.batch_refusal(
            409,
            "SubscriptionQuotaExceeded",
            "The regional account quota for the specified subscription has been reached."
        );
    auto const document = wire::dump(wire::plain_batch_document());
    auto account = service::create_account(
        call.world, {AccountKind::batch, name, group.name, location, document, call.now}
    );
    if (!account) return taken(call, name);
    return *std::move(account);
}

// The account of the path, made if there is none.
Result<service::Account> find_or_create(
    Call const& call, storage::ResourceGroup const& group, std::string const& location
) {
    auto account = find_account(call, AccountKind::batch);
    if (!account) return create(call, group, location);
    if (auto const fault = fault_of_place(*account, location)) return *fault;
    return *std::move(account);
}

Result<http::Response> put_account(Call const& call) {
    auto const body = read_batch_account(call);
    if (!body) return body.error();
    if (!domain::is_account_name(call.path["account"]))
        return call.batch_refusal(400, "AccountNameInvalid", kBadBatchAccountName);
    if (auto const what = wire::find_unsupported_batch(*body); !what.empty()) return wire::not_emulated(what);
    auto const location = read_location(*body, kBatchAccounts);
    if (!location) return location.error();
    Changing const changing(call.world);
    auto const group = require_group(call, changing);
    if (!group) return group.error();
    auto const storage = read_auto_storage(call, *body);
    if (!storage) return storage.error();
    auto account = find_or_create(call, *group, *location);
    if (!account) return account.error();
    return accept_account(call, write(call, *std::move(account), *body, *storage));
}

http::Response answer(Call const& call, service::Account const& account) {
    auto response = wire::answer(to_json(call, account));
    response.headers.set("ETag", '"' + base::to_etag(account.record.changed) + '"');
    response.headers.set("Last-Modified", base::to_rfc1123(account.record.changed));
    return response;
}

Result<http::Response> patch_account(Call const& call) {
    auto const body = read_batch_account(call);
    if (!body) return body.error();
    if (auto const what = wire::find_unsupported_batch(*body); !what.empty()) return wire::not_emulated(what);
    Changing const changing(call.world);
    auto account = require_account(call, AccountKind::batch);
    if (!account) return account.error();
    auto const storage = read_auto_storage(call, *body);
    if (!storage) return storage.error();
    return answer(call, write(call, *std::move(account), *body, *storage));
}

Result<http::Response> get_account(Call const& call) {
    auto const account = require_account(call, AccountKind::batch);
    if (!account) return account.error();
    return answer(call, *account);
}

Result<http::Response> list_accounts(Call const& call) {
    auto values = Json::array();
    for (auto const& account : service::list_accounts(call.world, AccountKind::batch, call.path["group"]))
        values.push_back(to_json(call, account));
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_account(Call const& call) {
    Changing const changing(call.world);
    auto const account = find_account(call, AccountKind::batch);
    if (!account) {
        service::forget_account(call.world, AccountKind::batch, call.path["group"], call.path["account"]);
        return wire::empty_answer(204);
    }
    if (!service::remove_account(call.world, AccountKind::batch, account->record.name))
        return locked(*account, "delete");
    auto const operation = fmt::format("{}-{}", account->record.name, call.world.around.random.guid());
    return accept(
        call,
        {operation,
         fmt::format(
             "/subscriptions/{}/providers/Microsoft.Batch/locations/{}/accountOperationResults/{}",
             kSubscription,
             account->record.location,
             operation
         ),
         "",
         ""}
    );
}

// Whether that is the id of a storage account of that name.
bool is_id_of(std::string_view id, std::string_view name) {
    auto const parsed = parse_resource_id(id);
    return parsed && base::equal_ignoring_case(parsed->parts.front().name, name);
}

std::string auto_storage_id(Call const& call, service::Account const& account) {
    auto const& name = account.facts.auto_storage;
    if (name.empty()) return {};
    auto const kept = wire::text_at(document_of(account), {kAutoStorageId});
    if (is_id_of(kept, name)) return kept;
    // Linked without the resource manager.
    auto const storage = service::find_account(call.world, AccountKind::storage, name);
    return account_id(storage ? std::string_view{storage->record.group} : kOwnGroup, kStorageAccounts, name);
}

constexpr std::string_view kProvider =
    "/subscriptions/{subscription}/providers/Microsoft.Batch/batchAccounts";
constexpr std::string_view kGroup =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts";
constexpr std::string_view kAccount =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}";
constexpr std::string_view kReadBatchAccounts = "Microsoft.Batch/batchAccounts/read";
constexpr std::string_view kWriteBatchAccounts = "Microsoft.Batch/batchAccounts/write";
constexpr std::array<Route, 6> kBatchAccountRoutes{{
    {get, kProvider, "", kReadBatchAccounts, list_accounts},
    {get, kGroup, "", kReadBatchAccounts, list_accounts},
    {put, kAccount, "", kWriteBatchAccounts, put_account},
    {patch, kAccount, "", kWriteBatchAccounts, patch_account},
    {get, kAccount, "", kReadBatchAccounts, get_account},
    {remove, kAccount, "", "Microsoft.Batch/batchAccounts/delete", delete_account},
}};

}  // namespace

Json to_json(Call const& call, service::Account const& account) {
    return wire::to_json(
        account.facts, account.record, call.world.around.quotas, auto_storage_id(call, account)
    );
}

std::span<Route const> batch_account_routes() {
    return kBatchAccountRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
