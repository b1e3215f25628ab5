#include "emulator/blob/cases/blobs.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/new_blob.hpp"
#include "emulator/blob/routes/pages.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/lifecycle_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "emulator/blob/wire/tags.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::routes {
azure::StorageResult<cases::NewBlob> read_new_blob(Call& call, wire::PlainHeaders plain) {
    cases::NewBlob wanted;
    auto content = wire::read_content_headers(call.headers(), plain);
    if (!content) return content.error();
    wanted.content = *std::move(content);
    auto metadata = wire::read_metadata(call.headers());
    if (!metadata) return metadata.error();
    wanted.metadata = *std::move(metadata);
    auto tags = wire::read_tags(call.headers());
    if (!tags) return tags.error();
    wanted.tags = std::move(*tags).value_or(rules::Tags{});
    auto tier = wire::read_tier(call.headers());
    if (!tier) return tier.error();
    wanted.tier = *std::move(tier);
    auto const expiry = wire::read_expiry(call.headers());
    if (!expiry) return expiry.error();
    wanted.expiry = expiry->value_or(cases::Expiry{});
    auto const protection = wire::read_protection(call.headers());
    if (!protection) return protection.error();
    wanted.protection = *protection;
    auto guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    wanted.guard = *std::move(guard);
    wanted.overwrite = call.grant.allows('w') ? cases::Overwrite::allowed : cases::Overwrite::forbidden;
    return wanted;
}

// PUT /devstoreaccount1/container/blob
// x-ms-blob-type: BlockBlob
Answer put_blob(Call& call) {
    auto const type = call.headers().get("x-ms-blob-type");
    if (type.empty()) return azure::missing_header("x-ms-blob-type");
    if (!base::equal_ignoring_case(type, "BlockBlob")) return azure::invalid_header("x-ms-blob-type", type);
    auto wanted = read_new_blob(call, wire::PlainHeaders::used);
    if (!wanted) return wanted.error();
    auto const computed = computed_md5(call.request.body);
    if (wanted->content.md5 && computed != wanted->content.md5) return azure::StorageErrorCode::md5_mismatch;
    wanted->content.md5 = computed;
    auto content = take_content(call.context, call.request.body, wanted->guard.encryption.key);
    if (!content) return content.error();
    auto const blob = cases::put_blob(call.context, call.address(), *std::move(wanted), *std::move(content));
    if (!blob) return blob.error();
    auto response = state_response(201, *blob);
    add_digests(response.headers, call.headers(), call.request.body);
    if (computed) response.headers.set("Content-MD5", base::to_base64(*computed));
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, blob->encryption);
    return response;
}

Answer get_blob_properties(Call& call) {
    auto const guard = read_guard_of_read(call);
    if (!guard) return guard.error();
    auto const blob = cases::read_properties(call.context, call.address(), *guard);
    if (!blob) return blob.error();
    auto response = empty_response(200);
    wire::add_blob(response.headers, *blob, call.grant.signature, call.context.clock.now());
    wire::add_tier(response.headers, *blob);
    if (blob->content.md5) response.headers.set("Content-MD5", base::to_base64(*blob->content.md5));
    response.content_length = blob->size;
    return response;
}

Answer set_blob_properties(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto content = wire::read_content_headers(call.headers(), wire::PlainHeaders::ignored);
    if (!content) return content.error();
    if (names_page_blob_property(call.headers())) return set_page_blob_properties(call);
    auto const blob = cases::set_content_headers(call.context, call.address(), *guard, *std::move(content));
    if (!blob) return blob.error();
    return properties_response(*blob);
}

Answer get_blob_metadata(Call& call) {
    auto const guard = read_guard_of_read(call);
    if (!guard) return guard.error();
    auto const blob = cases::read_properties(call.context, call.address(), *guard);
    if (!blob) return blob.error();
    auto response = state_response(200, *blob);
    wire::add_metadata(response.headers, blob->metadata);
    return response;
}

Answer set_blob_metadata(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto metadata = wire::read_metadata(call.headers());
    if (!metadata) return metadata.error();
    auto const blob = cases::set_metadata(call.context, call.address(), *guard, *std::move(metadata));
    if (!blob) return blob.error();
    auto response = state_response(200, *blob);
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, blob->encryption);
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
