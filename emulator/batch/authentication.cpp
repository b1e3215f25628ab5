#include "emulator/batch/authentication.hpp"

#include "shared/azure/batch_shared_key.hpp"
#include "shared/base/text.hpp"

#include <stdexcept>

namespace bluebatch::emulator::batch {
namespace {

using azure::BatchError;
using azure::BatchErrorCode;

BatchError refused(std::string detail) {
    return {BatchErrorCode::authentication_failed, {{"AuthenticationErrorDetail", std::move(detail)}}};
}

// The text that we would have signed helps to find out what a client does differently; it holds no secret.
BatchError refused_signature(http::RequestHead const& head, std::string_view account) {
    auto const text = azure::batch_string_to_sign(
        head.method, head.path, head.query, head.headers, head.headers.get("Content-Length"), account
    );
    return refused(
        "The MAC signature found in the HTTP request is not the same as any computed signature. Server used "
        "following string to sign: '" +
        text + "'."
    );
}

BatchAccount const* find_account(std::string_view name, std::span<BatchAccount const> accounts) {
    for (auto const& account : accounts) {
        if (base::equal_ignoring_case(account.name, name)) return &account;
    }
    return nullptr;
}

}  // namespace

azure::BatchResult<BatchAccount const*> authenticate(
    http::RequestHead const& head, std::span<BatchAccount const> accounts
) {
    auto const header = head.headers.find("Authorization");
    // Batch: REST-9
    if (!header)
        return BatchError{BatchErrorCode::missing_required_header, {{"HeaderName", "Authorization"}}};
    if (base::starts_with_ignoring_case(*header, "Bearer "))
        return refused("The emulator accepts SharedKey only; it has no Microsoft Entra tenant.");
    auto const authorization = azure::parse_batch_authorization(*header);
    if (!authorization) return BatchError{BatchErrorCode::invalid_authentication_info, {}};
    auto const* const account = find_account(authorization->account, accounts);
    if (account == nullptr)
        return refused("The emulator has no Batch account named '" + authorization->account + "'.");
    if (!head.headers.has("ocp-date") && !head.headers.has("Date"))
        return refused("The request has neither an ocp-date nor a Date header.");
    if (!azure::is_signed_by_any(head, *authorization, account->keys_base64))
        return refused_signature(head, authorization->account);
    return account;
}

BatchAccount const& account_of(http::RequestHead const& head, std::span<BatchAccount const> accounts) {
    auto const authorization = azure::parse_batch_authorization(head.headers.get("Authorization"));
    auto const* const account = authorization ? find_account(authorization->account, accounts) : nullptr;
    if (account == nullptr) throw std::logic_error("a request is answered that was not admitted");
    return *account;
}

}  // namespace bluebatch::emulator::batch
