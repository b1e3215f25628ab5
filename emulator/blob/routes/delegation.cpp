#include "emulator/blob/wire/delegation.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"

namespace bluebatch::emulator::blob::routes {

// POST /devstoreaccount1/?restype=service&comp=userdelegationkey
Answer get_user_delegation_key(Call& call) {
    constexpr std::string_view kFirstVersion = "2018-11-09";
    constexpr std::string_view kFirstWithTenants = "2025-07-05";
    auto const& version = call.version;
    if (version < kFirstVersion) return azure::invalid_header("x-ms-version", version);
    auto const& principal = call.grant.principal;
    if (!principal || principal->object_id.empty() || principal->tenant_id.empty()) {
        return azure::authentication_failure("The bearer token does not say whom it is for: oid and tid.");
    }
    auto info = wire::parse_key_info(call.request.body.bytes, call.context.clock.now());
    if (!info) return info.error();
    if (!info->delegated_tenant_id.empty() && version < kFirstWithTenants) {
        return azure::StorageErrorCode::invalid_xml_document;
    }
    azure::UserDelegationKey key{
        principal->object_id,
        principal->tenant_id,
        base::to_iso8601(info->start, 0),
        base::to_iso8601(info->expiry, 0),
        "b",
        version,
        std::move(info->delegated_tenant_id),
        {}};
    key.value_base64 = call.authenticator.delegation_keys().value_of(call.address().account, key).value();
    return xml_response(wire::to_xml(key));
}

}  // namespace bluebatch::emulator::blob::routes
