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

// Soft deletion is a policy of the account, which may have been set elsewhere.
std::string properties_of(
    storage::Connection& connection, std::string_view account, cases::AccountPolicy const& policy
) {
    auto const stored = store::find_service_properties(connection, account);
    return wire::with_soft_delete_policy(
        stored ? *stored : wire::default_service_properties(),
        {policy.blob_retention_days, policy.allows_permanent_delete}
    );
}

}  // namespace

Answer get_service_properties(Call& call) {
    auto const& account = call.address().account;
    auto const policy = call.context.policies.of(account);
    storage::Snapshot snapshot(call.context.storage.database());
    return xml_response(properties_of(snapshot.connection(), account, policy));
}

Answer set_service_properties(Call& call) {
    auto const& account = call.address().account;
    auto const policy = call.context.policies.of(account);
    storage::Transaction transaction(call.context.storage.database());
    auto const merged = wire::merge_service_properties(
        properties_of(transaction.connection(), account, policy), call.request.body.bytes
    );
    if (!merged) return merged.error();
    store::save_service_properties(transaction, account, *merged);
    transaction.commit();
    call.context.settings.reload(account);
    call.context.policies.change(account, [&](cases::AccountPolicy& changed) {
        auto const wanted = wire::soft_delete_policy(*merged);
        changed.blob_retention_days = wanted.days;
        changed.allows_permanent_delete = wanted.allows_permanent_delete;
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
