#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "emulator/blob/wire/tags.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

// The account's key opens every blob of the account; for others the URL must carry its own right.
std::optional<azure::StorageError> find_access_fault(
    Call const& call, http::RequestHead const& source_head, Target const& source
) {
    bool const reads_tags = call.headers().has("x-ms-source-if-tags") ||
                            call.headers().get("x-ms-copy-source-tag-option") == "COPY";
    if (call.grant.kind == GrantKind::owner && source.address.account == call.address().account) {
        return std::nullopt;
    }
    Need const need{'o', "r", ServiceSas::blob, PublicRead::blob};
    auto const admitted = call.authenticator.admit(source_head, source, need);
    if (admitted && reads_tags && !admitted->allows('t')) {
        return azure::StorageErrorCode::authorization_permission_mismatch;
    }
    if (admitted) return std::nullopt;
    return azure::StorageError{azure::StorageErrorCode::cannot_verify_copy_source}.with_message(
        "The source can't be read with the rights of its URL."
    );
}

}  // namespace

// PUT /devstoreaccount1/container/copy
// x-ms-copy-source: http://127.0.0.1:10000/devstoreaccount1/container/blob
Answer copy_blob(Call& call) {
    std::string const url{call.headers().get("x-ms-copy-source")};
    http::RequestHead source_head;
    auto const source = parse_source_url(url, call.request, call.accounts, source_head);
    if (!source) return azure::not_implemented("Copy Blob from another service");
    if (!*source || (*source)->level != Level::blob) return azure::invalid_header("x-ms-copy-source", url);
    if (auto const fault = find_unsupported_part(source_head)) return *fault;
    if (auto const fault = find_access_fault(call, source_head, **source)) return *fault;

    cases::CopyBlob wanted;
    wanted.source = (*source)->address;
    wanted.source_url = url.substr(0, url.find('?'));
    auto const source_conditions = wire::read_conditions(call.headers(), "x-ms-source-");
    if (!source_conditions) return source_conditions.error();
    wanted.source_conditions = *source_conditions;
    auto guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    wanted.guard = *std::move(guard);
    auto const tag_option = wire::read_tag_option(call.headers());
    if (!tag_option) return tag_option.error();
    auto tags = wire::read_tags(call.headers());
    if (!tags) return tags.error();
    if (*tag_option == wire::CopiedTags::replaced) wanted.tags = std::move(*tags).value_or(rules::Tags{});
    auto tier = wire::read_tier(call.headers());
    if (!tier) return tier.error();
    wanted.tier = *std::move(tier);
    if (wire::has_metadata(call.headers())) {
        auto metadata = wire::read_metadata(call.headers());
        if (!metadata) return metadata.error();
        wanted.metadata = *std::move(metadata);
    }
    wanted.overwrite = call.grant.allows('w') ? cases::Overwrite::allowed : cases::Overwrite::forbidden;
    auto const blob = cases::copy_blob(call.context, call.address(), std::move(wanted));
    if (!blob) return blob.error();
    auto response = empty_response(202);
    wire::add_state(response.headers, *blob);
    response.headers.set("x-ms-copy-id", blob->copy->id);
    response.headers.set("x-ms-copy-status", "success");
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
