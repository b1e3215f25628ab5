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

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kJobs = "/jobs/";

bool has_token(std::string_view authorization) {
    return base::starts_with_ignoring_case(authorization, kBearer);
}

struct TaskCaller {
    BatchAccount const* account = nullptr;
    std::string job_id;
};

azure::BatchResult<TaskCaller> find_task_caller(
    std::string_view authorization, std::span<BatchAccount const> accounts
) {
    auto const token = base::trim(authorization.substr(kBearer.size()));
    for (auto const& account : accounts) {
        if (auto job_id = account.task_tokens->job_of(token)) return TaskCaller{&account, std::move(*job_id)};
    }
    return refused(
        "The emulator accepts SharedKey, and the tokens of tasks while they run; it has no Microsoft Entra "
        "tenant."
    );
}

// The job itself and all that is below it. Batch: JM-6
bool concerns_job(http::RequestHead const& head, std::string_view job_id) {
    if (!head.path.starts_with(kJobs)) return false;
    auto const rest = std::string_view(head.path).substr(kJobs.size());
    return base::equal_ignoring_case(http::percent_decode(rest.substr(0, rest.find('/'))), job_id);
}

azure::BatchResult<void> authenticate_task(
    http::RequestHead const& head, std::string_view authorization, std::span<BatchAccount const> accounts
) {
    auto const caller = find_task_caller(authorization, accounts);
    if (!caller) return caller.error();
    if (concerns_job(head, caller->job_id)) return {};
    return BatchError{
        BatchErrorCode::forbidden,
        {{"Reason", "The token of a task allows operations on its own job, '" + caller->job_id + "', only"}}};
}

}  // namespace

azure::BatchResult<void> authenticate(http::RequestHead const& head, std::span<BatchAccount const> accounts) {
    auto const header = head.headers.find("Authorization");
    // Batch: REST-9
    if (!header)
        return BatchError{BatchErrorCode::missing_required_header, {{"HeaderName", "Authorization"}}};
    if (has_token(*header)) return authenticate_task(head, *header, accounts);
    auto const authorization = azure::parse_batch_authorization(*header);
    if (!authorization) return BatchError{BatchErrorCode::invalid_authentication_info, {}};
    auto const* const account = find_account(authorization->account, accounts);
    if (account == nullptr)
        return refused("The emulator has no Batch account named '" + authorization->account + "'.");
    if (!head.headers.has("ocp-date") && !head.headers.has("Date"))
        return refused("The request has neither an ocp-date nor a Date header.");
    if (!azure::is_signed_by_any(head, *authorization, account->keys_base64))
        return refused_signature(head, authorization->account);
    return {};
}

azure::BatchResult<BatchAccount const*> account_of(
    http::RequestHead const& head, std::span<BatchAccount const> accounts
) {
    auto const header = head.headers.get("Authorization");
    if (has_token(header)) {
        auto const caller = find_task_caller(header, accounts);
        if (!caller) return caller.error();
        return caller->account;
    }
    auto const authorization = azure::parse_batch_authorization(header);
    auto const* const account = authorization ? find_account(authorization->account, accounts) : nullptr;
    if (account == nullptr) throw std::logic_error("a request is answered that was not admitted");
    return account;
}

}  // namespace bluebatch::emulator::batch
