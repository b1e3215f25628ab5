#include "emulator/blob/cases/account_policy.hpp"
#include "emulator/blob/cases/containers.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/service_settings.hpp"
#include "emulator/blob/wire/service_properties.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "shared/codec/xml.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

std::string stored_properties(storage::Connection& connection, std::string_view account) {
    return store::find_service_properties(connection, account)
        .value_or(std::string{wire::default_service_properties()});
}

}  // namespace

Answer get_service_properties(Call& call) {
    storage::Snapshot snapshot(call.context.storage.database());
    return xml_response(stored_properties(snapshot.connection(), call.address().account));
}

Answer set_service_properties(Call& call) {
    storage::Transaction transaction(call.context.storage.database());
    auto const& account = call.address().account;
    auto const merged = wire::merge_service_properties(
        stored_properties(transaction.connection(), account), call.request.body.bytes
    );
    if (!merged) return merged.error();
    store::save_service_properties(transaction, account, *merged);
    transaction.commit();
    call.context.settings.reload(account);
    call.context.policies.change(account, [&](cases::AccountPolicy& policy) {
        auto const wanted = wire::soft_delete_policy(*merged);
        policy.blob_retention_days = wanted.days;
        policy.allows_permanent_delete = wanted.allows_permanent_delete;
    });
    // The container of a website is there as soon as the website is.
    if (wire::static_website(*merged).is_enabled) {
        auto const made = cases::create_container(call.context, {account, "$web", ""}, {});
        bool const is_there = made || made.error().code == azure::StorageErrorCode::container_already_exists;
        if (!is_there) return made.error();
    }
    return empty_response(202);
}

Answer get_service_stats(Call& call) {
    if (call.target.replica != Replica::secondary) {
        return azure::invalid_query_parameter("comp", "stats", "Asked of the secondary endpoint only.");
    }
    codec::XmlWriter xml;
    xml.open("StorageServiceStats");
    xml.open("GeoReplication");
    xml.element("Status", "live");
    xml.element("LastSyncTime", base::to_rfc1123(call.context.clock.now()));
    xml.close();
    xml.close();
    return xml_response(std::move(xml).finish());
}

Answer get_account_information(Call&) {
    auto response = empty_response(200);
    response.headers.set("x-ms-sku-name", "Standard_RAGRS");
    response.headers.set("x-ms-account-kind", "StorageV2");
    response.headers.set("x-ms-is-hns-enabled", "false");
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
