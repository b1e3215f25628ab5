#include "emulator/blob/authentication.hpp"

#include "emulator/blob/sas_rules.hpp"
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

bool is_read(http::Verb verb) {
    return verb == http::Verb::get || verb == http::Verb::head;
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
    if (auto const authorization = head.headers.find("Authorization")) {
        return check_shared_key(*authorization, head, target);
    }
    if (auto sas = azure::read_shared_access_signature(head.query)) {
        return check_signature(*std::move(sas), head, target, need);
    }
    return check_anonymous(head, target, need);
}

Grant Authenticator::grant_of(http::RequestHead const& head, Target const& target) const {
    if (head.headers.has("Authorization")) return {};
    auto sas = azure::read_shared_access_signature(head.query);
    if (!sas) return {GrantKind::anonymous, {}, {}};
    if (!sas->identifier.empty() && !apply_policy(*sas, target)) sas->permissions.clear();
    auto permissions = sas->permissions;
    return {GrantKind::signature, std::move(permissions), *std::move(sas)};
}

std::optional<StorageError> Authenticator::find_date_fault(http::Headers const& headers) const {
    auto const given = headers.find("x-ms-date").value_or(headers.get("Date"));
    auto const date = base::parse_rfc1123(given);
    if (!date)
        return azure::authentication_failure("The Date header in the request is missing or incorrect.");
    auto const distance = context_.clock.now() - *date;
    if (distance <= date_tolerance_ && -distance <= date_tolerance_) return std::nullopt;
    return azure::authentication_failure(
        (distance > base::Ticks{0} ? "Request date header too old: '" : "Request date header in the future: '"
        ) +
        std::string{given} + "'"
    );
}

StorageResult<Grant> Authenticator::check_shared_key(
    std::string_view authorization, http::RequestHead const& head, Target const& target
) const {
    if (base::starts_with_ignoring_case(authorization, "Bearer ")) {
        return azure::authentication_failure("Bearer tokens are not accepted here: use SharedKey or a SAS.");
    }
    auto const given = azure::parse_shared_key_authorization(authorization);
    if (!given) return StorageErrorCode::invalid_authentication_info;
    if (given->account != target.account->name && given->account != target.account->name + "-secondary") {
        return azure::authentication_failure("The account of the signature is not the account of the URL.");
    }
    if (auto const fault = find_date_fault(head.headers)) return *fault;

    azure::SharedKeySubject const subject{
        head.verb, head.method, head.path, head.query, head.headers, given->account};
    auto const text = azure::shared_key_string_to_sign(subject, given->scheme, HeaderOrder::ordinal);
    if (is_signature_of(given->signature, text, target.account->keys_base64)) return Grant{};
    auto const other = azure::shared_key_string_to_sign(subject, given->scheme, HeaderOrder::culture);
    if (other != text && is_signature_of(given->signature, other, target.account->keys_base64))
        return Grant{};
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

StorageResult<Grant> Authenticator::check_signature(
    azure::SharedAccessSignature sas, http::RequestHead const& head, Target const& target, Need const& need
) const {
    if (auto const fault = find_form_fault(sas)) return *fault;
    azure::SasSubject const subject{
        target.address.account, target.address.container, target.address.blob, {}};
    bool const is_genuine = std::ranges::any_of(target.account->keys_base64, [&](std::string const& key) {
        return azure::is_signed_by(sas, subject, key);
    });
    if (!is_genuine) {
        auto const text = sas.kind == azure::SasKind::account
                              ? azure::account_sas_string_to_sign(sas, subject.account)
                              : azure::service_sas_string_to_sign(sas, subject);
        return azure::authentication_failure(
            "Signature did not match. String to sign used was " + visible(text)
        );
    }
    if (sas.kind == azure::SasKind::service && !sas.identifier.empty()) {
        if (auto const applied = apply_policy(sas, target); !applied) return applied.error();
    }
    if (auto const fault = find_time_fault(sas, context_.clock.now())) return *fault;
    if (auto const fault = find_scope_fault(sas, head, need)) return *fault;
    auto permissions = sas.permissions;
    return Grant{GrantKind::signature, std::move(permissions), std::move(sas)};
}

StorageResult<Grant> Authenticator::check_anonymous(
    http::RequestHead const& head, Target const& target, Need const& need
) const {
    // Clients that speak the protocol are asked who they are; browsers are told that nothing is there.
    StorageError const refusal = is_read(head.verb) && !head.headers.has("x-ms-version")
                                     ? StorageErrorCode::resource_not_found
                                     : StorageErrorCode::no_authentication_information;
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
