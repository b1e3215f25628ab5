#include "emulator/blob/delegation_keys.hpp"

#include "shared/base/digest.hpp"

namespace bluebatch::emulator::blob {
namespace {

// With its length before it, no value can pass for two.
void add(std::string& text, std::string_view value) {
    text.append(std::to_string(value.size())).append(":").append(value);
}

}  // namespace

std::optional<std::string> DelegationKeys::value_of(
    std::string_view account, azure::UserDelegationKey const& key
) const {
    auto const start = azure::parse_sas_time(key.start);
    auto const expiry = azure::parse_sas_time(key.expiry);
    if (!start || !expiry) return std::nullopt;
    std::string text;
    add(text, "user delegation key");
    add(text, account);
    add(text, key.object_id);
    add(text, key.tenant_id);
    // Clients write the times that they were told in forms of their own.
    add(text, base::to_iso8601(*start));
    add(text, base::to_iso8601(*expiry));
    add(text, key.service);
    add(text, key.version);
    add(text, key.delegated_tenant_id);
    return base::to_base64(base::hmac_sha256(secret_, text));
}

azure::UserDelegationKey key_of(azure::SharedAccessSignature const& sas) {
    return {
        sas.key_object_id,
        sas.key_tenant_id,
        sas.key_start,
        sas.key_expiry,
        sas.key_service,
        sas.key_version,
        sas.key_delegated_tenant_id,
        {}};
}

}  // namespace bluebatch::emulator::blob
