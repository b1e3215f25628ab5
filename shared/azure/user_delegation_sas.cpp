#include "shared/azure/sas_text.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::azure {

std::string user_delegation_sas_string_to_sign(SharedAccessSignature const& sas, SasSubject const& subject) {
    sas_text::Lines lines;
    lines.add(sas.permissions);
    lines.add(sas.start);
    lines.add(sas.expiry);
    lines.add(sas_text::canonical_name(sas, subject));
    lines.add(sas.key_object_id);
    lines.add(sas.key_tenant_id);
    lines.add(sas.key_start);
    lines.add(sas.key_expiry);
    lines.add(sas.key_service);
    lines.add(sas.key_version);
    if (sas.version >= sas_text::kWithAgents) {
        lines.add(sas.authorized_object_id);
        lines.add(sas.unauthorized_object_id);
        lines.add(sas.correlation_id);
    }
    if (sas.version >= sas_text::kWithDelegatedUser) {
        lines.add(sas.key_delegated_tenant_id);
        lines.add(sas.delegated_object_id);
    }
    lines.add(sas.ip);
    lines.add(sas.protocol);
    lines.add(sas.version);
    lines.add(sas.resource);
    lines.add(subject.snapshot);
    if (sas.version >= sas_text::kWithEncryptionScope) lines.add(sas.encryption_scope);
    if (sas.version >= sas_text::kWithRequestParts) {
        lines.add(subject.request_headers);
        lines.add(subject.request_parameters);
    }
    sas_text::add_response_headers(lines, sas);
    return std::move(lines).take();
}

std::optional<std::string> canonical_request_headers(std::string_view names, http::Headers const& headers) {
    std::string text;
    if (names.empty()) return text;
    for (auto const name : base::split(names, ',')) {
        auto const value = headers.find(name);
        if (!value) return std::nullopt;
        text.append(name).append(":").append(*value).append("\n");
    }
    return text;
}

std::optional<std::string> canonical_request_parameters(
    std::string_view names, std::vector<http::QueryParameter> const& query
) {
    std::string text;
    if (names.empty()) return text;
    for (auto const name : base::split(names, ',')) {
        auto const found = std::ranges::find(query, name, &http::QueryParameter::name);
        if (found == query.end()) return std::nullopt;
        text.append("\n").append(name).append(":").append(found->value);
    }
    return text;
}

std::string make_user_delegation_sas(UserDelegationSasOptions const& options) {
    auto const& key = options.key;
    SharedAccessSignature sas;
    sas.kind = SasKind::user_delegation;
    sas.version = options.version;
    sas.resource = options.blob.empty() ? "c" : "b";
    sas.permissions = options.permissions;
    sas.expiry = sas_text::sas_time(options.expiry);
    sas.key_object_id = key.object_id;
    sas.key_tenant_id = key.tenant_id;
    sas.key_start = key.start;
    sas.key_expiry = key.expiry;
    sas.key_service = key.service;
    sas.key_version = key.version;
    sas.key_delegated_tenant_id = key.delegated_tenant_id;
    sas.delegated_object_id = options.delegated_object_id;
    SasSubject const subject{options.account, options.container, options.blob};
    auto const signature = sign_storage_text(key.value_base64, string_to_sign(sas, subject));
    if (!signature) return {};
    sas.signature = *signature;
    return sas_text::to_query(sas);
}

}  // namespace bluebatch::azure
