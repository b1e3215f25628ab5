#include "emulator/blob/authentication.hpp"

#include "emulator/blob/sas_rules.hpp"
#include "emulator/blob/service_settings.hpp"
#include "emulator/blob/versions.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "shared/azure/storage_shared_key.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob {
namespace {

using azure::HeaderOrder;
using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;

bool is_signature_of(
    std::string_view signature, std::string_view text, std::vector<std::string> const& keys
) {
    return std::ranges::any_of(keys, [&](std::string const& key) {
        auto const expected = azure::sign_storage_text(key, text);
        return expected && base::equal_in_constant_time(*expected, signature);
    });
}

std::string visible(std::string_view text) {
    std::string result;
    for (char const c : text) {
        if (c == '\n') {
            result += "\\n";
        } else {
            result += c;
        }
    }
    return result;
}

constexpr std::string_view kBearer = "Bearer ";
// The first versions that know bearer tokens, and that ask for them in their answers.
constexpr std::string_view kFirstWithTokens = "2017-11-09";
constexpr std::string_view kFirstWithChallenge = "2019-12-12";

std::optional<std::string_view> bearer_token(http::Headers const& headers) {
    auto const authorization = headers.find("Authorization");
    if (!authorization || !base::starts_with_ignoring_case(*authorization, kBearer)) return std::nullopt;
    return base::trim(authorization->substr(kBearer.size()));
}

// A signature for one user is used together with the token of that user.
bool needs_user(std::optional<azure::SharedAccessSignature> const& sas) {
    return sas && !sas->delegated_object_id.empty();
}

// Guests have keys that nobody here knows. What a guest signs for tasks comes from the nodes that run them,
// and is for accounts that were made for guests.
bool takes_any_key(BlobAccount const& account, http::RequestHead const& head) {
    return head.is_guest || (account.is_for_guests && head.is_inner);
}

// Clients of the secondary endpoint sign the path as they send it, or that of the primary.
std::string primary_path(std::string_view path, std::string_view account) {
    auto const secondary = "/" + std::string{account} + "-secondary";
    bool const is_secondary =
        path.starts_with(secondary) && (path.size() == secondary.size() || path[secondary.size()] == '/');
    if (!is_secondary) return std::string{path};
    return "/" + std::string{account} + std::string{path.substr(secondary.size())};
}

// Who may read may also get a key to sign with, and query. What a batch holds is checked part by part.
azure::Role needed_role(http::RequestHead const& head, Need const& need) {
    bool const is_reading =
        head.verb == http::Verb::get || head.verb == http::Verb::head ||
        need.bearer_token == BearerToken::required ||
        (head.verb == http::Verb::post && need.permissions.find('r') != std::string_view::npos);
    return is_reading ? azure::Role::reader : azure::Role::contributor;
}

// A field may stand in the signature or in the stored policy, not in both.
bool merge(std::string& field, std::optional<std::string> const& stored) {
    if (!stored) return true;
    if (!field.empty()) return false;
    field = *stored;
    return true;
}

}  // namespace

StorageResult<Grant> Authenticator::admit(
    http::RequestHead const& head, Target const& target, Need const& need
) const {
    auto sas = azure::read_shared_access_signature(head.query);
    if (auto const token = bearer_token(head.headers)) {
        auto principal = check_token(*token, head, target);
        if (!principal) return principal.error();
        if (needs_user(sas)) return check_signature(*std::move(sas), head, target, need, &*principal);
        if (need.bearer_token == BearerToken::refused) return StorageErrorCode::authorization_failure;
        if (principal->role < needed_role(head, need))
            return StorageErrorCode::authorization_permission_mismatch;
        return Grant{GrantKind::owner, {}, {}, *std::move(principal)};
    }
    if (auto const authorization = head.headers.find("Authorization")) {
        auto grant = check_shared_key(*authorization, head, target);
        if (grant && need.bearer_token == BearerToken::required) {
            return azure::authentication_failure("Only authentication scheme Bearer is supported.");
        }
        return grant;
    }
    if (sas) return check_signature(*std::move(sas), head, target, need, nullptr);
    return check_anonymous(head, target, need);
}

StorageErrorCode anonymous_refusal(std::string_view version) {
    // Clients that know the challenge are asked who they are; others are told that nothing is there.
    return version < kFirstWithChallenge ? StorageErrorCode::resource_not_found
                                         : StorageErrorCode::no_authentication_information;
}

Grant Authenticator::grant_of(http::RequestHead const& head, Target const& target) const {
    auto sas = azure::read_shared_access_signature(head.query);
    if (head.headers.has("Authorization") && !needs_user(sas)) {
        Grant grant;
        auto const token = bearer_token(head.headers);
        auto principal = token ? check_token(*token, head, target) : StorageErrorCode::internal_error;
        if (principal) grant.principal = *std::move(principal);
        return grant;
    }
    if (!sas) return {GrantKind::anonymous, {}, {}};
    bool const has_policy = sas->kind == azure::SasKind::service && !sas->identifier.empty();
    if (has_policy && !apply_policy(*sas, target)) sas->permissions.clear();
    auto permissions = sas->permissions;
    return {GrantKind::signature, std::move(permissions), *std::move(sas)};
}

StorageResult<azure::Principal> Authenticator::check_token(
    std::string_view token, http::RequestHead const& head, Target const& target
) const {
    auto const version = version_of(head, context_.settings, target.account->name);
    if (version < kFirstWithTokens) {
        return azure::authentication_failure("Authentication scheme Bearer is not supported in this version."
        );
    }
    if (settings_.token_validator == nullptr) {
        return azure::authentication_failure(
            "Bearer tokens are not accepted here: start bluebatch-emulator with --oauth basic, or use "
            "SharedKey "
            "or a SAS."
        );
    }
    auto const& account = target.account->name;
    auto principal = settings_.token_validator->validate(token, account, context_.clock.machine_now());
    if (principal) return *std::move(principal);
    auto const& detail = principal.error().detail;
    if (version < kFirstWithChallenge) return azure::authentication_failure(detail);
    return StorageError{StorageErrorCode::invalid_bearer_token, {{"AuthenticationErrorDetail", detail}}};
}

std::optional<StorageError> Authenticator::find_date_fault(http::Headers const& headers) const {
    auto const given = headers.find("x-ms-date").value_or(headers.get("Date"));
    auto const date = base::parse_rfc1123(given);
    if (!date)
        return azure::authentication_failure("The Date header in the request is missing or incorrect.");
    auto const distance = context_.clock.machine_now() - *date;
    if (distance <= settings_.date_tolerance && -distance <= settings_.date_tolerance) return std::nullopt;
    return azure::authentication_failure(
        (distance > base::Ticks{0} ? "Request date header too old: '" : "Request date header in the future: '"
        ) +
        std::string{given} + "'"
    );
}

StorageResult<Grant> Authenticator::check_shared_key(
    std::string_view authorization, http::RequestHead const& head, Target const& target
) const {
    auto const given = azure::parse_shared_key_authorization(authorization);
    if (!given) return StorageErrorCode::invalid_authentication_info;
    if (given->account != target.account->name && given->account != target.account->name + "-secondary") {
        return azure::authentication_failure("The account of the signature is not the account of the URL.");
    }
    if (auto const fault = find_date_fault(head.headers)) return *fault;

    auto const sign = [&](std::string_view path, HeaderOrder order) {
        azure::SharedKeySubject const subject{
            head.verb, head.method, path, head.query, head.headers, given->account};
        return azure::shared_key_string_to_sign(subject, given->scheme, order);
    };
    auto const text = sign(head.path, HeaderOrder::ordinal);
    auto const& keys = target.account->keys_base64;
    if (takes_any_key(*target.account, head)) return Grant{};
    if (is_signature_of(given->signature, text, keys)) return Grant{};
    auto const primary = primary_path(head.path, target.account->name);
    for (auto const& other :
         {sign(head.path, HeaderOrder::culture),
          sign(primary, HeaderOrder::ordinal),
          sign(primary, HeaderOrder::culture)}) {
        if (other != text && is_signature_of(given->signature, other, keys)) return Grant{};
    }
    return azure::authentication_failure(
        "The MAC signature found in the HTTP request is not the same as any computed signature. "
        "Server used following string to sign: '" +
        visible(text) + "'."
    );
}

StorageResult<void> Authenticator::apply_policy(azure::SharedAccessSignature& sas, Target const& target)
    const {
    storage::Snapshot snapshot(context_.storage.database());
    auto const container =
        store::find_container(snapshot.connection(), target.address.account, target.address.container);
    if (!container) return azure::authentication_failure("Access policy not found.");
    auto const policy = std::ranges::find(container->policies, sas.identifier, &store::AccessPolicy::id);
    if (policy == container->policies.end()) {
        return azure::authentication_failure("Access policy not found.");
    }
    if (!merge(sas.permissions, policy->permission) || !merge(sas.start, policy->start) ||
        !merge(sas.expiry, policy->expiry)) {
        return azure::authentication_failure(
            "Access policy fields can be associated with signature or SAS "
            "identifier but not both."
        );
    }
    return {};
}

bool Authenticator::is_genuine(
    azure::SharedAccessSignature const& sas,
    azure::SasSubject const& subject,
    Target const& target,
    http::RequestHead const& head
) const {
    if (sas.kind == azure::SasKind::user_delegation) {
        auto const key = settings_.delegation_keys.value_of(target.address.account, key_of(sas));
        return key && azure::is_signed_by(sas, subject, *key);
    }
    if (takes_any_key(*target.account, head)) return true;
    return std::ranges::any_of(target.account->keys_base64, [&](std::string const& key) {
        return azure::is_signed_by(sas, subject, key);
    });
}

StorageResult<Grant> Authenticator::check_signature(
    azure::SharedAccessSignature sas,
    http::RequestHead const& head,
    Target const& target,
    Need const& need,
    azure::Principal const* user
) const {
    if (auto const fault = find_form_fault(sas)) return *fault;
    auto headers = azure::canonical_request_headers(sas.request_headers, head.headers);
    auto parameters = azure::canonical_request_parameters(sas.request_parameters, head.query);
    if (!headers || !parameters) {
        return azure::authentication_failure(
            "The request lacks a header or query parameter that the signature names in srh or srq."
        );
    }
    auto const& address = target.address;
    azure::SasSubject const subject{
        address.account,
        address.container,
        address.blob,
        moment_of(sas, head),
        *std::move(headers),
        *std::move(parameters)};
    if (!is_genuine(sas, subject, target, head)) {
        return azure::authentication_failure(
            "Signature did not match. String to sign used was " + visible(azure::string_to_sign(sas, subject))
        );
    }
    if (sas.kind == azure::SasKind::service && !sas.identifier.empty()) {
        if (auto const applied = apply_policy(sas, target); !applied) return applied.error();
    }
    if (auto const fault = find_time_fault(sas, context_.clock.now())) return *fault;
    if (auto const fault = find_user_fault(sas, user)) return *fault;
    if (auto const fault = find_scope_fault(sas, head, need)) return *fault;
    // Whoever signs for himself gives away no more than he may do.
    bool const is_by_user =
        sas.kind == azure::SasKind::user_delegation && settings_.token_validator != nullptr;
    if (is_by_user && settings_.token_validator->role_of(sas.key_object_id) < needed_role(head, need))
        return StorageErrorCode::authorization_permission_mismatch;
    auto permissions = sas.permissions;
    return Grant{GrantKind::signature, std::move(permissions), std::move(sas)};
}

StorageResult<Grant> Authenticator::check_anonymous(
    http::RequestHead const& head, Target const& target, Need const& need
) const {
    auto const refusal = anonymous_refusal(version_of(head, context_.settings, target.account->name));
    if (need.public_read == PublicRead::none) return refusal;
    storage::Snapshot snapshot(context_.storage.database());
    auto const container =
        store::find_container(snapshot.connection(), target.address.account, target.address.container);
    if (!container) return refusal;
    bool const is_public =
        container->public_access == store::PublicAccess::container ||
        (container->public_access == store::PublicAccess::blob && need.public_read == PublicRead::blob);
    if (!is_public) return refusal;
    return Grant{GrantKind::anonymous, {}, {}};
}

}  // namespace bluebatch::emulator::blob
