#include "emulator/batch/authentication.hpp"

#include "shared/azure/batch_shared_key.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::batch {
namespace {

using azure::BatchError;
using azure::BatchErrorCode;

BatchError refused(std::string detail) {
    return {BatchErrorCode::authentication_failed, {{"AuthenticationErrorDetail", std::move(detail)}}};
}

// `why` it was not made for a guest; may be empty.
BatchError refused_account(std::string fault, std::string const& why) {
    return refused(why.empty() ? std::move(fault) : std::move(fault) + ' ' + why);
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

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kJobs = "/jobs/";

bool has_token(std::string_view authorization) {
    return base::starts_with_ignoring_case(authorization, kBearer);
}

// The job itself and all that is below it. Batch: JM-6
bool concerns_job(http::RequestHead const& head, std::string_view job_id) {
    if (!head.path.starts_with(kJobs)) return false;
    auto const rest = std::string_view(head.path).substr(kJobs.size());
    return base::equal_ignoring_case(http::percent_decode(rest.substr(0, rest.find('/'))), job_id);
}

azure::Role needed_role(http::RequestHead const& head) {
    bool const is_reading = head.verb == http::Verb::get || head.verb == http::Verb::head;
    return is_reading ? azure::Role::reader : azure::Role::contributor;
}

BatchError forbidden(std::string reason) {
    return {BatchErrorCode::forbidden, {{"Reason", std::move(reason)}}};
}

}  // namespace

bool is_audience(std::string_view audience) {
    if (audience.ends_with('/')) audience.remove_suffix(1);
    constexpr std::array<std::string_view, 5> kAudiences{
        "https://batch.core.windows.net",
        "https://batch.core.chinacloudapi.cn",
        "https://batch.chinacloudapi.cn",
        "https://batch.core.usgovcloudapi.net",
        "ddbf3205-c6bd-46ae-8127-60eb93363864"};  // the id of its application
    return std::ranges::find(kAudiences, audience) != kAudiences.end();
}

BatchAccounts::Found Authenticator::find_account(std::string_view name, http::RequestHead const& head) const {
    if (head.is_guest) return accounts_->find_or_make(name);
    return {accounts_->find(name)};
}

// A token names no account, so the host does, as on Azure; a host that does not either means the first.
BatchAccounts::Found Authenticator::account_of_host(http::RequestHead const& head) const {
    auto const name = base::to_lower(head.host().substr(0, head.host().find(':')));
    bool const names_account = name.ends_with(".batch.azure.com") || name.ends_with(".batch.localhost");
    if (names_account) return find_account(std::string_view{name}.substr(0, name.find('.')), head);
    return {accounts_->first()};
}

azure::BatchResult<Authenticator::Caller> Authenticator::find_bearer(
    std::string_view authorization, http::RequestHead const& head
) const {
    auto const token = base::trim(authorization.substr(kBearer.size()));
    for (auto const& account : accounts_->all()) {
        if (auto job_id = account->task_tokens->job_of(token)) return Caller{account, std::move(*job_id)};
    }
    auto const [account, refusal] = account_of_host(head);
    if (account == nullptr)
        return refused_account(
            "The emulator has no Batch account of the host '" + std::string{head.host()} + "'.", refusal
        );
    if (tokens_ == nullptr)
        return refused("The emulator accepts SharedKey, and the tokens of tasks while they run.");
    auto const principal = tokens_->validate(token, account->name, clock_.machine_now());
    if (!principal) return refused(principal.error().detail);
    return Caller{account, {}, principal->role};
}

azure::BatchResult<void> Authenticator::admit_bearer(
    std::string_view authorization, http::RequestHead const& head
) const {
    auto const caller = find_bearer(authorization, head);
    if (!caller) return caller.error();
    if (caller->role < needed_role(head))
        return forbidden("The principal of the token does not have a role that allows the operation");
    if (caller->job_id.empty() || concerns_job(head, caller->job_id)) return {};
    return forbidden("The token of a task allows operations on its own job, '" + caller->job_id + "', only");
}

azure::BatchResult<void> Authenticator::admit(http::RequestHead const& head) const {
    auto const header = head.headers.find("Authorization");
    // Batch: REST-9
    if (!header)
        return BatchError{BatchErrorCode::missing_required_header, {{"HeaderName", "Authorization"}}};
    if (has_token(*header)) return admit_bearer(*header, head);
    auto const authorization = azure::parse_batch_authorization(*header);
    if (!authorization) return BatchError{BatchErrorCode::invalid_authentication_info, {}};
    auto const [account, refusal] = find_account(authorization->account, head);
    if (account == nullptr)
        return refused_account(
            "The emulator has no Batch account named '" + authorization->account + "'.", refusal
        );
    if (!head.headers.has("ocp-date") && !head.headers.has("Date"))
        return refused("The request has neither an ocp-date nor a Date header.");
    if (!head.is_guest && !azure::is_signed_by_any(head, *authorization, account->keys_base64))
        return refused_signature(head, authorization->account);
    return {};
}

azure::BatchResult<BatchAccounts::Entry> Authenticator::account_of(http::RequestHead const& head) const {
    auto const header = head.headers.get("Authorization");
    if (has_token(header)) {
        auto const caller = find_bearer(header, head);
        if (!caller) return caller.error();
        return caller->account;
    }
    auto const authorization = azure::parse_batch_authorization(header);
    auto const account = authorization ? find_account(authorization->account, head).account : nullptr;
    if (account == nullptr) return refused("The Batch account of the request has been removed.");
    return account;
}

}  // namespace bluebatch::emulator::batch
