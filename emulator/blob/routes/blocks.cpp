#include "emulator/blob/cases/blocks.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/new_blob.hpp"
#include "emulator/blob/wire/documents.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/lists.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::blob::routes {

// PUT /devstoreaccount1/container/blob?comp=block&blockid=MDAwMQ%3D%3D
Answer put_block(Call& call) {
    auto const block_id = call.request.find_query("blockid");
    if (!block_id) {
        return azure::StorageError{
            azure::StorageErrorCode::missing_required_query_parameter, {{"QueryParameterName", "blockid"}}};
    }
    if (call.request.body.size == 0) return azure::invalid_header("Content-Length", "0");
    auto const guard = wire::read_guard(call.headers());
    if (!guard) return guard.error();
    auto content = take_content(call.context, call.request.body, guard->encryption.key);
    if (!content) return content.error();
    auto const done = cases::put_block(call.context, call.address(), *block_id, *guard, *std::move(content));
    if (!done) return done.error();
    auto response = empty_response(201);
    add_digests(response.headers, call.headers(), call.request.body);
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, {guard->encryption.scope, guard->encryption.key_sha256});
    return response;
}

// PUT /devstoreaccount1/container/blob?comp=blocklist
// <BlockList><Latest>MDAwMQ==</Latest></BlockList>
Answer put_block_list(Call& call) {
    auto properties = read_new_blob(call, wire::PlainHeaders::ignored);
    if (!properties) return properties.error();
    auto const blocks = wire::parse_block_list(call.request.body.bytes);
    if (!blocks) return blocks.error();
    auto const blob = cases::put_block_list(call.context, call.address(), *blocks, *std::move(properties));
    if (!blob) return blob.error();
    auto response = state_response(201, *blob);
    add_digests(response.headers, call.headers(), call.request.body);
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, blob->encryption);
    return response;
}

Answer get_block_list(Call& call) {
    auto type = wire::BlockListType::committed;
    auto const text = call.request.find_query("blocklisttype").value_or("");
    if (base::equal_ignoring_case(text, "uncommitted")) {
        type = wire::BlockListType::uncommitted;
    } else if (base::equal_ignoring_case(text, "all")) {
        type = wire::BlockListType::all;
    } else if (!text.empty() && !base::equal_ignoring_case(text, "committed")) {
        return azure::invalid_query_parameter("blocklisttype", text, "");
    }
    // What is not committed yet is nobody's but the writers'.
    if (call.grant.kind == GrantKind::anonymous && type != wire::BlockListType::committed) {
        return anonymous_refusal(call.version);
    }
    auto const guard = wire::read_tag_guard(call.headers());
    if (!guard) return guard.error();
    auto const lists = cases::get_block_list(call.context, call.address(), *guard);
    if (!lists) return lists.error();
    auto response = xml_response(wire::block_list(*lists, type));
    if (lists->blob) wire::add_state(response.headers, *lists->blob);
    response.headers.set("x-ms-blob-content-length", std::to_string(lists->blob ? lists->blob->size : 0));
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
