#include "emulator/blob/cases/appending.hpp"

#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/new_blob.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/page_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"

namespace bluebatch::emulator::blob::routes {

// PUT /devstoreaccount1/container/blob
// x-ms-blob-type: AppendBlob
Answer put_append_blob(Call& call) {
    if (call.request.body.size != 0) {
        return azure::invalid_header("Content-Length", std::to_string(call.request.body.size));
    }
    if (auto const tier = call.headers().find("x-ms-access-tier")) {
        return azure::invalid_header("x-ms-access-tier", *tier);
    }
    auto wanted = read_new_blob(call, wire::PlainHeaders::used);
    if (!wanted) return wanted.error();
    wanted->kind = store::BlobKind::append;
    auto const blob = cases::put_blob(
        call.context,
        call.address(),
        *std::move(wanted),
        store::NewContent::from_bytes(call.context.storage, {})
    );
    if (!blob) return blob.error();
    auto response = state_response(201, *blob);
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, blob->encryption);
    return response;
}

// PUT /devstoreaccount1/container/blob?comp=appendblock
Answer append_block(Call& call) {
    if (call.request.body.size == 0) return azure::invalid_header("Content-Length", "0");
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const conditions = wire::read_append_conditions(call.headers());
    if (!conditions) return conditions.error();
    auto content = take_content(call.context, call.request.body, guard->encryption.key);
    if (!content) return content.error();
    auto const appended =
        cases::append_block(call.context, call.address(), *guard, *conditions, *std::move(content));
    if (!appended) return appended.error();
    auto response = empty_response(201);
    wire::add_state(response.headers, appended->blob);
    add_digests(response.headers, call.headers(), call.request.body);
    wire::add_encryption(response.headers, appended->blob.encryption);
    response.headers.set("x-ms-blob-append-offset", std::to_string(appended->offset));
    response.headers.set("x-ms-blob-committed-block-count", std::to_string(appended->blob.committed_blocks));
    response.headers.set("x-ms-request-server-encrypted", "true");
    return response;
}

// PUT /devstoreaccount1/container/blob?comp=seal
Answer seal_blob(Call& call) {
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto const conditions = wire::read_append_conditions(call.headers());
    if (!conditions) return conditions.error();
    auto const blob = cases::seal_blob(call.context, call.address(), *guard, conditions->position);
    if (!blob) return blob.error();
    auto response = empty_response(200);
    wire::add_state(response.headers, *blob);
    response.headers.set("x-ms-blob-sealed", "true");
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
