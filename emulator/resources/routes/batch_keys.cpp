#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/wire/batch_account.hpp"
#include "shared/base/text.hpp"

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

using domain::AccountKind;

Result<http::Response> list_keys(Call const& call) {
    auto const account = require_account(call, AccountKind::batch);
    if (!account) return account.error();
    return wire::answer(wire::batch_keys(account->facts));
}

Result<http::Response> regenerate_keys(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const name = wire::text_at(*body, {"keyName"});
    bool const is_primary = base::equal_ignoring_case(name, "Primary");
    if (!is_primary && !base::equal_ignoring_case(name, "Secondary"))
        return call.batch_refusal(
            400, "InvalidRequestBody", "The specified Request Body is not syntactically valid."
        );
    Changing const changing(call.world);
    auto const account = require_account(call, AccountKind::batch);
    if (!account) return account.error();
    auto const renewed = call.accounts().renew_key(
        AccountKind::batch,
        account->facts.name,
        is_primary ? domain::AccountKeySlot::primary : domain::AccountKeySlot::secondary
    );
    if (!renewed) return locked(*account, "write");
    return wire::answer(wire::batch_keys(*renewed));
}

Result<http::Response> sync_auto_storage_keys(Call const& call) {
    Changing const changing(call.world);
    auto account = require_account(call, AccountKind::batch);
    if (!account) return account.error();
    if (account->facts.auto_storage.empty()) return no_auto_storage(call);
    // Nodes ask for the keys when they need them, so there is nothing to be told.
    auto document = document_of(*account);
    document["lastKeySync"] = base::to_iso8601(call.now);
    account->record.document = wire::dump(document);
    service::write_record(call.world, account->record);
    return wire::empty_answer(204);
}

constexpr std::array<Route, 3> kBatchKeyRoutes{{
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "listKeys",
     "",
     "Microsoft.Batch/batchAccounts/listkeys/action",
     list_keys},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "regenerateKeys",
     "",
     "Microsoft.Batch/batchAccounts/regeneratekeys/action",
     regenerate_keys},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "syncAutoStorageKeys",
     "",
     "Microsoft.Batch/batchAccounts/syncAutoStorageKeys/action",
     sync_auto_storage_keys},
}};

}  // namespace

std::span<Route const> batch_key_routes() {
    return kBatchKeyRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
