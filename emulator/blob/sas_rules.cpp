#include "emulator/blob/sas_rules.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob {
namespace {

using azure::SasKind;
using azure::SharedAccessSignature;
using azure::StorageError;
using azure::StorageErrorCode;
using Fault = std::optional<StorageError>;

bool has_any_of(std::string_view text, std::string_view letters) {
    return text.find_first_of(letters) != std::string_view::npos;
}

StorageError malformed(std::string_view field) {
    return azure::authentication_failure("Signature fields not well formed: " + std::string{field} + ".");
}

StorageError needs_hierarchy(std::string_view field) {
    return azure::authentication_failure(
        "Signature fields not well formed: " + std::string{field} +
        " needs a hierarchical namespace, which this account does not have."
    );
}

// A field, and the first version whose signatures cover it. Before that anybody could change it.
struct Since {
    std::string_view name;
    std::string SharedAccessSignature::*field;
    std::string_view version;
};

constexpr std::array kSince{
    Since{"ses", &SharedAccessSignature::encryption_scope, "2020-12-06"},
    Since{"saoid", &SharedAccessSignature::authorized_object_id, "2020-02-10"},
    Since{"suoid", &SharedAccessSignature::unauthorized_object_id, "2020-02-10"},
    Since{"scid", &SharedAccessSignature::correlation_id, "2020-02-10"},
    Since{"skdutid", &SharedAccessSignature::key_delegated_tenant_id, "2025-07-05"},
    Since{"sduoid", &SharedAccessSignature::delegated_object_id, "2025-07-05"},
    Since{"srh", &SharedAccessSignature::request_headers, "2026-04-06"},
    Since{"srq", &SharedAccessSignature::request_parameters, "2026-04-06"},
};

Fault find_unsigned_field(SharedAccessSignature const& sas) {
    for (auto const& [name, field, version] : kSince) {
        if ((sas.*field).empty()) continue;
        bool const is_signed = name == "ses" || sas.kind == SasKind::user_delegation;
        if (!is_signed || sas.version < version) return malformed(name);
    }
    return std::nullopt;
}

Fault find_delegation_fault(SharedAccessSignature const& sas) {
    if (!sas.identifier.empty()) return malformed("si");
    if (sas.expiry.empty()) return malformed("se");
    if (sas.permissions.empty()) return malformed("sp");
    if (sas.key_object_id.empty()) return malformed("skoid");
    if (sas.key_tenant_id.empty()) return malformed("sktid");
    if (!azure::parse_sas_time(sas.key_start)) return malformed("skt");
    if (!azure::parse_sas_time(sas.key_expiry)) return malformed("ske");
    if (sas.key_service != "b") return malformed("sks");
    if (sas.key_version.size() != sas.version.size()) return malformed("skv");
    // It would have to pass the access control lists of files.
    if (!sas.unauthorized_object_id.empty()) return needs_hierarchy("suoid");
    return std::nullopt;
}

Fault find_resource_fault(SharedAccessSignature const& sas) {
    constexpr std::string_view kFirstWithSnapshots = "2018-11-09";
    if (sas.resource == "d") return needs_hierarchy("sr=d");
    if (!sas.directory_depth.empty()) return needs_hierarchy("sdd");
    bool const is_moment = sas.resource == "bs" || sas.resource == "bv";
    if (is_moment && sas.version >= kFirstWithSnapshots) return std::nullopt;
    if (sas.resource != "b" && sas.resource != "c") return malformed("sr");
    return std::nullopt;
}

// What a time frame says that does not hold.
Fault find_frame_fault(
    std::string_view what, std::optional<base::TimePoint> start, base::TimePoint expiry, base::TimePoint now
) {
    if (now < expiry && (!start || *start <= now)) return std::nullopt;
    std::string detail = "Signature not valid in the specified " + std::string{what} + ": ";
    if (start) detail += "Start [" + base::to_rfc1123(*start) + "] - ";
    detail += "Expiry [" + base::to_rfc1123(expiry) + "] - Current [" + base::to_rfc1123(now) + "]";
    return azure::authentication_failure(std::move(detail));
}

// Headers of writes that take a permission of their own, besides that of the operation.
struct HeaderPermission {
    std::string_view header;
    char permission;
};
constexpr std::array kHeaderPermissions{
    HeaderPermission{"x-ms-tags", 't'},
    HeaderPermission{"x-ms-immutability-policy-until-date", 'i'},
    HeaderPermission{"x-ms-immutability-policy-mode", 'i'},
    HeaderPermission{"x-ms-legal-hold", 'i'},
};

bool is_permitted(SharedAccessSignature const& sas, http::RequestHead const& head, Need const& need) {
    if (!has_any_of(sas.permissions, need.permissions)) return false;
    return std::ranges::all_of(kHeaderPermissions, [&](HeaderPermission const& row) {
        return !head.headers.has(row.header) || sas.permissions.find(row.permission) != std::string::npos;
    });
}

// A signature of a snapshot or version opens neither the blob itself nor another of its states.
bool names_another_state(SharedAccessSignature const& sas, http::RequestHead const& head) {
    bool const has_snapshot = !head.find_query("snapshot").value_or("").empty();
    bool const has_version = !head.find_query("versionid").value_or("").empty();
    if (sas.resource == "bs") return !has_snapshot || has_version;
    if (sas.resource == "bv") return !has_version || has_snapshot;
    return false;
}

Fault find_connection_fault(SharedAccessSignature const& sas, http::RequestHead const& head) {
    if (!sas.protocol.empty() && sas.protocol != "https" && sas.protocol != "https,http")
        return malformed("spr");
    if (sas.protocol == "https" && head.scheme != http::Scheme::https) {
        return StorageErrorCode::authorization_protocol_mismatch;
    }
    if (!sas.ip.empty() && !azure::is_address_allowed(sas.ip, head.peer_address)) {
        return StorageError{
            StorageErrorCode::authorization_source_ip_mismatch, {{"SourceIP", head.peer_address}}};
    }
    return std::nullopt;
}

}  // namespace

Fault find_form_fault(SharedAccessSignature const& sas) {
    constexpr std::size_t kVersionLength = 10;
    constexpr std::string_view kFirstWithDelegation = "2018-11-09";
    if (sas.version.size() != kVersionLength) return malformed("sv");
    if (sas.signature.empty()) return malformed("sig");
    if (auto const fault = find_unsigned_field(sas)) return fault;
    if (sas.kind == SasKind::account) {
        if (sas.services.empty()) return malformed("ss");
        if (sas.resource_types.empty()) return malformed("srt");
        if (sas.expiry.empty()) return malformed("se");
        if (sas.permissions.empty()) return malformed("sp");
        return std::nullopt;
    }
    if (sas.kind == SasKind::user_delegation) {
        if (sas.version < kFirstWithDelegation) return malformed("sv");
        if (auto const fault = find_delegation_fault(sas)) return fault;
    }
    return find_resource_fault(sas);
}

Fault find_time_fault(SharedAccessSignature const& sas, base::TimePoint now) {
    auto const expiry = azure::parse_sas_time(sas.expiry);
    if (!expiry) return malformed("se");
    auto const start = azure::parse_sas_time(sas.start);
    if (!sas.start.empty() && !start) return malformed("st");
    if (auto fault = find_frame_fault("time frame", start, *expiry, now)) return fault;
    if (sas.kind != SasKind::user_delegation) return std::nullopt;
    auto const key_start = azure::parse_sas_time(sas.key_start);
    auto const key_expiry = azure::parse_sas_time(sas.key_expiry);
    if (!key_start || !key_expiry) return malformed("skt");
    return find_frame_fault("key time frame", key_start, *key_expiry, now);
}

std::string_view moment_of(SharedAccessSignature const& sas, http::RequestHead const& head) {
    if (sas.resource == "bs") return head.find_query("snapshot").value_or("");
    if (sas.resource == "bv") return head.find_query("versionid").value_or("");
    return {};
}

Fault find_user_fault(SharedAccessSignature const& sas, azure::Principal const* user) {
    if (sas.delegated_object_id.empty()) return std::nullopt;
    if (user == nullptr) {
        return azure::authentication_failure(
            "The signature is for one user (sduoid), whose bearer token must come with it."
        );
    }
    // A user of the tenant that the key is of, unless the key names another.
    auto const& tenant =
        sas.key_delegated_tenant_id.empty() ? sas.key_tenant_id : sas.key_delegated_tenant_id;
    if (base::equal_ignoring_case(user->object_id, sas.delegated_object_id) &&
        base::equal_ignoring_case(user->tenant_id, tenant)) {
        return std::nullopt;
    }
    return azure::authentication_failure("The bearer token is not of the user that the signature is for.");
}

Fault find_scope_fault(SharedAccessSignature const& sas, http::RequestHead const& head, Need const& need) {
    if (auto const fault = find_connection_fault(sas, head)) return fault;
    if (sas.kind == SasKind::account) {
        if (sas.services.find('b') == std::string::npos)
            return StorageErrorCode::authorization_service_mismatch;
        if (need.resource_type != kAnyResourceType &&
            sas.resource_types.find(need.resource_type) == std::string::npos) {
            return StorageErrorCode::authorization_resource_type_mismatch;
        }
    } else if (need.service_sas == ServiceSas::none || (need.service_sas == ServiceSas::container && sas.resource != "c")) {
        return StorageErrorCode::authorization_failure;
    }
    if (sas.kind != SasKind::account && names_another_state(sas, head)) {
        return StorageErrorCode::authorization_failure;
    }
    if (need.permissions.empty()) return StorageErrorCode::authorization_failure;
    if (!is_permitted(sas, head, need)) return StorageErrorCode::authorization_permission_mismatch;
    auto const asked_scope = head.headers.get("x-ms-encryption-scope");
    if (!sas.encryption_scope.empty() && !asked_scope.empty() && asked_scope != sas.encryption_scope) {
        return StorageErrorCode::authorization_failure;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::blob
