#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::azure {

// The version that our own signatures are made with.
inline constexpr std::string_view kSasVersion = "2021-12-02";

struct ServiceSasOptions {
    std::string account;
    std::string key_base64;
    std::string container;
    std::string blob;         // decoded; empty: a container SAS
    std::string permissions;  // "rcwdl", in the order of the reference; may be empty with an identifier
    std::optional<base::TimePoint> start;
    std::optional<base::TimePoint> expiry;  // may be empty with an identifier
    std::string protocol;                   // "", "https" or "https,http"
    std::string ip;                         // "", "168.1.5.60" or "168.1.5.60-168.1.5.70"
    std::string identifier;                 // of a stored access policy
    std::string snapshot;                   // its time: a SAS of that snapshot
    std::string version_id;                 // a SAS of that version
    std::string encryption_scope;
    std::string cache_control, content_disposition, content_encoding, content_language, content_type;
    std::string version{kSasVersion};
};

// The query string, percent-encoded, without '?'. Empty when the key is not base64.
std::string make_service_sas(ServiceSasOptions const& options);

struct AccountSasOptions {
    std::string account;
    std::string key_base64;
    std::string services = "b";
    std::string resource_types = "sco";
    std::string permissions;
    std::optional<base::TimePoint> start;
    base::TimePoint expiry;
    std::string protocol;
    std::string ip;
    std::string encryption_scope;
    std::string version{kSasVersion};
};
std::string make_account_sas(AccountSasOptions const& options);

// What Get User Delegation Key answers, as texts.
struct UserDelegationKey {
    std::string object_id, tenant_id;
    std::string start, expiry;  // "2020-03-21T01:56:52Z"
    std::string service;        // "b"
    std::string version;
    std::string delegated_tenant_id;  // of a key for users of another tenant
    std::string value_base64;
};

struct UserDelegationSasOptions {
    std::string account;
    UserDelegationKey key;
    std::string container;
    std::string blob;  // decoded; empty: a container SAS
    std::string permissions;
    base::TimePoint expiry;
    std::string delegated_object_id;  // the one user who may use it, with a token
    std::string version{kSasVersion};
};
std::string make_user_delegation_sas(UserDelegationSasOptions const& options);

enum class SasKind : std::uint8_t { service, account, user_delegation };

// The fields of a signature as they came, decoded and unchecked. A field that is absent is empty.
struct SharedAccessSignature {
    SasKind kind = SasKind::service;
    std::string version, services, resource_types, resource, permissions, start, expiry, ip, protocol,
        identifier;
    std::string encryption_scope, signature;
    std::string cache_control, content_disposition, content_encoding, content_language, content_type;
    // Of a user delegation SAS: the key that signed it, as its answer described it ...
    std::string key_object_id, key_tenant_id, key_start, key_expiry, key_service, key_version,
        key_delegated_tenant_id;
    // ... for whom it is, and the names of what the request must hold, separated by commas.
    std::string authorized_object_id, unauthorized_object_id, correlation_id, delegated_object_id;
    std::string directory_depth, request_headers, request_parameters;
};

// Nothing when the query carries no `sig`. A query that has one is a signature even where fields are missing.
std::optional<SharedAccessSignature> read_shared_access_signature(
    std::vector<http::QueryParameter> const& query
);

// What a signature speaks about. `container` is "$root" for a blob at the root; `blob` is decoded; `snapshot`
// is the time of the snapshot or the id of the version that a signature of one speaks about, else empty.
struct SasSubject {
    std::string_view account;
    std::string_view container;
    std::string_view blob;
    std::string_view snapshot{};
    // What a request holds of the parts that a user delegation SAS names, as canonical_...() write it.
    std::string request_headers{};
    std::string request_parameters{};
};

// The text that a valid signature of this kind, version and resource was made from.
std::string service_sas_string_to_sign(SharedAccessSignature const& sas, SasSubject const& subject);
std::string account_sas_string_to_sign(SharedAccessSignature const& sas, std::string_view account);
std::string user_delegation_sas_string_to_sign(SharedAccessSignature const& sas, SasSubject const& subject);
// That of its kind.
std::string string_to_sign(SharedAccessSignature const& sas, SasSubject const& subject);

// What a request holds of the headers and query parameters with these comma-separated names. Nothing when one
// of them is missing.
std::optional<std::string> canonical_request_headers(std::string_view names, http::Headers const& headers);
std::optional<std::string> canonical_request_parameters(
    std::string_view names, std::vector<http::QueryParameter> const& query
);

// Whether the key made this signature; compares in constant time. A user delegation SAS is made by a user
// delegation key, the others by a key of the account.
bool is_signed_by(SharedAccessSignature const& sas, SasSubject const& subject, std::string_view key_base64);

// Accepts the forms that the service does: a date, minutes, seconds, fractions, each with or without Z.
std::optional<base::TimePoint> parse_sas_time(std::string_view text);

// "168.1.5.60" or a range of two IPv4 addresses. False for an address outside or a range that can't be read.
bool is_address_allowed(std::string_view range, std::string_view address);

}  // namespace bluebatch::azure
