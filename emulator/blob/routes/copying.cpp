#include "emulator/blob/cases/copying.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/sources.hpp"
#include "emulator/blob/versions.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "emulator/blob/wire/tags.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageErrorCode;
using azure::StorageResult;

constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::uint64_t kMostCopiedAtOnce = 256 * kMebibyte;

cases::Overwrite overwrite_of(Call const& call) {
    return call.grant.allows('w') ? cases::Overwrite::allowed : cases::Overwrite::forbidden;
}

StorageResult<cases::CopyBlob> read_copy(Call& call, Source const& source) {
    cases::CopyBlob wanted;
    wanted.source_url = source.shown_url;
    auto guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    if (!guard->encryption.key.empty())
        return azure::not_implemented("The header x-ms-encryption-key of a copy");
    wanted.guard = *std::move(guard);
    auto const tag_option = wire::read_tag_option(call.headers());
    if (!tag_option) return tag_option.error();
    auto tags = wire::read_tags(call.headers());
    if (!tags) return tags.error();
    if (*tag_option == wire::CopiedTags::replaced) wanted.tags = std::move(*tags).value_or(rules::Tags{});
    auto tier = wire::read_tier(call.headers());
    if (!tier) return tier.error();
    wanted.tier = *std::move(tier);
    auto const is_sealed = wire::read_flag(call.headers(), "x-ms-seal-blob");
    if (!is_sealed) return is_sealed.error();
    wanted.is_sealed = *is_sealed;
    auto const priority = wire::read_priority(call.headers());
    if (!priority) return priority.error();
    wanted.priority = *priority;
    auto const protection = wire::read_protection(call.headers());
    if (!protection) return protection.error();
    wanted.protection = *protection;
    if (wire::has_metadata(call.headers())) {
        auto metadata = wire::read_metadata(call.headers());
        if (!metadata) return metadata.error();
        wanted.metadata = *std::move(metadata);
    }
    wanted.overwrite = overwrite_of(call);
    return wanted;
}

http::Response copy_response(store::Blob const& blob) {
    auto response = empty_response(202);
    wire::add_state(response.headers, blob);
    wire::add_version(response.headers, blob);
    response.headers.set("x-ms-copy-id", blob.copy->id);
    response.headers.set("x-ms-copy-status", std::string{wire::to_string(blob.copy->status)});
    return response;
}

// A copy within the account that is done when the answer says so, and that nothing tells of later.
Answer copy_at_once(Call& call, Source const& source, cases::CopyBlob wanted) {
    auto const* const address = std::get_if<Address>(&source.place);
    if (address == nullptr) return azure::invalid_header("x-ms-copy-source", source.shown_url);
    if (address->account != call.address().account) {
        return StorageErrorCode::copy_across_accounts_not_supported;
    }
    wanted.record = cases::CopyRecord::none;
    auto const blob = cases::copy_blob(
        call.context, call.address(), {.address = *address, .guard = source.guard}, std::move(wanted)
    );
    if (!blob) return blob.error();
    return routes::state_response(201, *blob);
}

// While it is read the source must stay what it was.
void bind_to_state(ForeignSource& source, std::string const& etag) {
    if (etag.empty() || etag.starts_with("W/") || source.conditions.has("If-Match")) return;
    source.conditions.set("If-Match", etag);
}

Answer begin_foreign_copy(Call& call, ForeignSource source, cases::CopyBlob wanted) {
    auto state = call.copies.reader().look(source, call.copies.stop_token());
    if (!state) return state.error();
    auto const size = state->blob.size;
    auto const blob =
        cases::begin_copy(call.context, call.address(), std::move(state->blob), std::move(wanted));
    if (!blob) return blob.error();
    auto response = copy_response(*blob);
    bind_to_state(source, state->etag);
    call.copies.submit({{blob->id, blob->copy->id}, std::move(source), size, std::move(state->etag)});
    return response;
}

// The bytes are a new content, of a block blob whatever a source elsewhere is.
Answer copy_bytes(Call& call, Source const& source, cases::CopyBlob wanted) {
    if (wanted.is_sealed) return StorageErrorCode::invalid_blob_type;
    auto fetched = fetch(call, source, kMostCopiedAtOnce, Digests::with_md5);
    if (!fetched) return fetched.error();
    bool const is_own = std::holds_alternative<Address>(source.place);
    if (is_own && fetched->state.kind != store::BlobKind::block) {
        return StorageErrorCode::invalid_source_blob_type;
    }
    cases::NewBlob blob;
    blob.content = std::move(fetched->state.content);
    blob.content.md5 = computed_md5(fetched->body);
    blob.metadata = wanted.metadata ? *std::move(wanted.metadata) : std::move(fetched->state.metadata);
    blob.tags = wanted.tags ? *std::move(wanted.tags) : std::move(fetched->tags);
    blob.tier = std::move(wanted.tier);
    blob.guard = std::move(wanted.guard);
    blob.overwrite = wanted.overwrite;
    blob.protection = wanted.protection;
    blob.replaces = cases::Replaces::block_blobs;
    blob.copy = store::CopyState{
        .id = call.context.random.guid(),
        .source = std::move(wanted.source_url),
        .copied = fetched->body.size,
        .total = fetched->body.size,
        .completed = call.context.clock.now(),
    };
    auto content = take_content(call.context, fetched->body, blob.guard.encryption.key);
    if (!content) return content.error();
    auto const made = cases::put_blob(call.context, call.address(), std::move(blob), *std::move(content));
    if (!made) return made.error();
    return copy_response(*made);
}

}  // namespace

// PUT /devstoreaccount1/container/copy
// x-ms-copy-source: http://127.0.0.1:10000/devstoreaccount1/container/blob
Answer copy_blob(Call& call) {
    auto source = read_source(call);
    if (!source) return source.error();
    auto wanted = read_copy(call, *source);
    if (!wanted) return wanted.error();
    if (call.version < kFirstWithBackgroundCopies) return copy_at_once(call, *source, *std::move(wanted));
    if (auto* const foreign = std::get_if<ForeignSource>(&source->place)) {
        return begin_foreign_copy(call, std::move(*foreign), *std::move(wanted));
    }
    auto const& address = std::get<Address>(source->place);
    auto const blob = cases::copy_blob(
        call.context, call.address(), {.address = address, .guard = source->guard}, *std::move(wanted)
    );
    if (!blob) return blob.error();
    return copy_response(*blob);
}

// The same with x-ms-requires-sync: true
Answer copy_blob_from_url(Call& call) {
    auto const is_sync = wire::read_flag(call.headers(), "x-ms-requires-sync");
    if (!is_sync) return is_sync.error();
    if (is_sync->has_value() && !**is_sync) return copy_blob(call);
    auto source = read_source(call);
    if (!source) return source.error();
    auto wanted = read_copy(call, *source);
    if (!wanted) return wanted.error();
    auto const* const address = std::get_if<Address>(&source->place);
    if (address == nullptr || call.headers().has("x-ms-source-content-md5")) {
        return copy_bytes(call, *source, *std::move(wanted));
    }
    cases::CopySource const own{*address, source->guard, kMostCopiedAtOnce, store::BlobKind::block};
    auto const blob = cases::copy_blob(call.context, call.address(), own, *std::move(wanted));
    if (!blob) return blob.error();
    auto response = copy_response(*blob);
    if (blob->content.md5) response.headers.set("Content-MD5", base::to_base64(*blob->content.md5));
    return response;
}

// PUT /devstoreaccount1/container/copy?comp=incrementalcopy
// x-ms-copy-source:
// http://127.0.0.1:10000/devstoreaccount1/container/disk?snapshot=2024-03-04T10:00:00.0000000Z
Answer copy_incrementally(Call& call) {
    auto const source = read_source(call);
    if (!source) return source.error();
    auto const* const address = std::get_if<Address>(&source->place);
    if (address == nullptr) return StorageErrorCode::invalid_source_blob_url;
    cases::CopyBlob wanted;
    wanted.source_url = source->shown_url;
    auto guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    wanted.guard = *std::move(guard);
    wanted.overwrite = overwrite_of(call);
    auto const blob = cases::copy_incrementally(
        call.context, call.address(), {.address = *address, .guard = source->guard}, std::move(wanted)
    );
    if (!blob) return blob.error();
    return copy_response(*blob);
}

// PUT /devstoreaccount1/container/copy?comp=copy&copyid=1f812371-a41d-49e6-b123-f4b542e851c5
// x-ms-copy-action: abort
Answer abort_copy_blob(Call& call) {
    auto const action = call.headers().get("x-ms-copy-action");
    if (action.empty()) return azure::missing_header("x-ms-copy-action");
    if (!base::equal_ignoring_case(action, "abort")) return azure::invalid_header("x-ms-copy-action", action);
    auto const copy_id = call.request.find_query("copyid").value_or("");
    if (copy_id.empty()) {
        return azure::StorageError{
            StorageErrorCode::missing_required_query_parameter, {{"QueryParameterName", "copyid"}}};
    }
    auto const lease_id = wire::read_lease_id(call.headers());
    if (!lease_id) return lease_id.error();
    auto const done = cases::abort_copy(call.context, call.address(), *lease_id, copy_id);
    if (!done) return done.error();
    call.copies.cancel(copy_id);
    return empty_response(204);
}

}  // namespace bluebatch::emulator::blob::routes
