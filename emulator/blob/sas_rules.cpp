#include "emulator/blob/sas_rules.hpp"

namespace bluebatch::emulator::blob {
namespace {

using azure::SasKind;
using azure::StorageError;
using azure::StorageErrorCode;

bool has_any_of(std::string_view text, std::string_view letters) {
    return text.find_first_of(letters) != std::string_view::npos;
}

StorageError malformed(std::string_view field) {
    return azure::authentication_failure("Signature fields not well formed: " + std::string{field} + ".");
}

}  // namespace

std::optional<StorageError> find_form_fault(azure::SharedAccessSignature const& sas) {
    constexpr std::size_t kVersionLength = 10;
    if (sas.kind == SasKind::user_delegation) return azure::not_implemented("A user delegation SAS");
    if (sas.version.size() != kVersionLength) return malformed("sv");
    if (sas.signature.empty()) return malformed("sig");
    if (!sas.encryption_scope.empty()) return azure::not_implemented("An encryption scope (ses)");
    if (sas.kind == SasKind::account) {
        if (sas.services.empty()) return malformed("ss");
        if (sas.resource_types.empty()) return malformed("srt");
        if (sas.expiry.empty()) return malformed("se");
        if (sas.permissions.empty()) return malformed("sp");
        return std::nullopt;
    }
    if (sas.resource == "bs" || sas.resource == "bv" || sas.resource == "d") {
        return azure::not_implemented("A SAS of a snapshot, version or directory (sr=" + sas.resource + ")");
    }
    if (sas.resource != "b" && sas.resource != "c") return malformed("sr");
    return std::nullopt;
}

std::optional<StorageError> find_time_fault(azure::SharedAccessSignature const& sas, base::TimePoint now) {
    auto const expiry = azure::parse_sas_time(sas.expiry);
    if (!expiry) return malformed("se");
    auto const start = azure::parse_sas_time(sas.start);
    if (!sas.start.empty() && !start) return malformed("st");
    if (now < *expiry && (!start || *start <= now)) return std::nullopt;
    std::string detail = "Signature not valid in the specified time frame: ";
    if (start) detail += "Start [" + base::to_rfc1123(*start) + "] - ";
    detail += "Expiry [" + base::to_rfc1123(*expiry) + "] - Current [" + base::to_rfc1123(now) + "]";
    return azure::authentication_failure(std::move(detail));
}

std::optional<StorageError> find_scope_fault(
    azure::SharedAccessSignature const& sas, http::RequestHead const& head, Need const& need
) {
    if (!sas.protocol.empty() && sas.protocol != "https" && sas.protocol != "https,http")
        return malformed("spr");
    if (sas.protocol == "https" && head.scheme != http::Scheme::https) {
        return StorageErrorCode::authorization_protocol_mismatch;
    }
    if (!sas.ip.empty() && !azure::is_address_allowed(sas.ip, head.peer_address)) {
        return StorageError{
            StorageErrorCode::authorization_source_ip_mismatch, {{"SourceIP", head.peer_address}}};
    }
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
    if (need.permissions.empty()) return StorageErrorCode::authorization_failure;
    if (!has_any_of(sas.permissions, need.permissions)) {
        return StorageErrorCode::authorization_permission_mismatch;
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::blob
