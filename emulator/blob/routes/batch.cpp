#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/batch_body.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;

StorageError invalid_input(std::string_view reason) {
    return {StorageErrorCode::invalid_input, {{"Reason", std::string{reason}}}};
}

// Some clients of path style leave the account out of the paths within a batch, and sign them so. They are
// read as if they had come in host style.
azure::StorageResult<Target> find_target(Call const& call, http::RequestHead& head) {
    head.headers.set("Host", std::string{call.request.host()});
    auto target = parse_target(head, call.accounts);
    if (target && target->level == Level::blob && target->account == call.target.account) return target;
    auto const suffix = call.target.replica == Replica::secondary ? "-secondary" : "";
    head.headers.set("Host", call.address().account + suffix + ".blob.localhost");
    return parse_target(head, call.accounts);
}

// Which of the two operations that a batch may have. It names no other container than the batch itself.
azure::StorageResult<Handler> find_operation(Call const& call, http::RequestHead& head) {
    auto const target = find_target(call, head);
    if (!target) return target.error();
    bool const is_within =
        call.target.level == Level::service || target->address.container == call.address().container;
    if (!is_within) return invalid_input("A request leads out of the container of its batch.");
    auto const route = find_route(head, target->level);
    if (!route) return route.error();
    auto const handler = (*route)->handler;
    if (handler != &delete_blob && handler != &set_blob_tier) {
        return invalid_input("Only Delete Blob and Set Blob Tier may be in a batch.");
    }
    return handler;
}

std::optional<StorageError> prepare(Call const& call, std::vector<wire::BatchPart>& parts) {
    Handler common = nullptr;
    for (auto& part : parts) {
        part.head.peer_address = call.request.peer_address;
        part.head.is_guest = call.request.is_guest;
        part.head.scheme = call.request.scheme;
        auto const handler = find_operation(call, part.head);
        if (!handler) return invalid_input("A request of the batch names no blob.");
        if (common != nullptr && common != *handler) {
            return invalid_input("All requests of a batch must be of one kind.");
        }
        common = *handler;
    }
    return std::nullopt;
}

bool has_own_authority(http::RequestHead const& head) {
    return head.headers.has("Authorization") || head.find_query("sig");
}

// Through the same door as any request. A batch has one version; signatures within it don't cover it.
http::Response run(Call const& call, http::RequestHead head) {
    http::Request request{std::move(head), {}};
    auto const bearer = call.headers().get("Authorization");
    if (!has_own_authority(request) && base::starts_with_ignoring_case(bearer, "Bearer ")) {
        request.headers.set("Authorization", std::string{bearer});
    }
    bool const is_signed = base::starts_with_ignoring_case(request.headers.get("Authorization"), "SharedKey");
    auto const version = call.headers().find("x-ms-version");
    if (version && !is_signed) request.headers.set("x-ms-version", std::string{*version});
    auto admitted = call.service.admit(request);
    if (version) request.headers.set("x-ms-version", std::string{*version});
    auto* const refusal = std::get_if<http::Response>(&admitted);
    auto response = refusal != nullptr ? std::move(*refusal) : call.service.answer(std::move(request));
    if (version) response.headers.set("x-ms-version", std::string{*version});
    return response;
}

Answer batch_response(Call const& call, std::vector<wire::BatchAnswer> const& answers) {
    auto const boundary = "batchresponse_" + call.context.random.guid();
    auto response = empty_response(202);
    response.headers.set("Content-Type", "multipart/mixed; boundary=" + boundary);
    response.text = wire::batch_answer_body(answers, boundary);
    return response;
}

// A batch that can't be carried out is accepted as such, and has one answer that belongs to no request.
Answer refuse(Call const& call, StorageError const& error) {
    return batch_response(call, {{std::nullopt, call.service.refuse(call.request, error)}});
}

}  // namespace

// POST /devstoreaccount1/?comp=batch
// Content-Type: multipart/mixed; boundary=batch_...
Answer submit_batch(Call& call) {
    auto const boundary = wire::parse_boundary(call.headers().get("Content-Type"));
    if (!boundary) return boundary.error();
    auto parts = wire::parse_batch(call.request.body.bytes, *boundary);
    if (!parts) return refuse(call, parts.error());
    if (auto const fault = prepare(call, *parts)) return refuse(call, *fault);
    std::vector<wire::BatchAnswer> answers;
    answers.reserve(parts->size());
    for (auto& part : *parts)
        answers.push_back({std::move(part.content_id), run(call, std::move(part.head))});
    return batch_response(call, answers);
}

}  // namespace bluebatch::emulator::blob::routes
