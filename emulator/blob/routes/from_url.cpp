#include "emulator/blob/cases/blobs.hpp"
#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/bodies.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/new_blob.hpp"
#include "emulator/blob/routes/sources.hpp"
#include "emulator/blob/versions.hpp"
#include "emulator/blob/wire/encryption_headers.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "emulator/blob/wire/tags.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

// Operations whose body is what a URL shows.
namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageErrorCode;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kMostPutAtOnce = 5000 * kMiB;

// The source's own headers, where the request has none instead.
void adopt(store::ContentHeaders& wanted, store::ContentHeaders const& found, http::Headers const& asked) {
    auto const take = [&](char const* name, std::string& into, std::string const& from) {
        if (!asked.has(name)) into = from;
    };
    take("x-ms-blob-content-type", wanted.type, found.type);
    take("x-ms-blob-content-encoding", wanted.encoding, found.encoding);
    take("x-ms-blob-content-language", wanted.language, found.language);
    take("x-ms-blob-content-disposition", wanted.disposition, found.disposition);
    take("x-ms-blob-cache-control", wanted.cache_control, found.cache_control);
}

// The operation with a body of its own, done with the bytes of the source.
Answer put_fetched(Call& call, std::uint64_t most_bytes, Handler put) {
    auto const source = read_source(call);
    if (!source) return source.error();
    auto fetched = fetch(call, *source, most_bytes);
    if (!fetched) return fetched.error();
    call.request.body = std::move(fetched->body);
    auto response = put(call);
    if (response) add_source_digests(response->headers, call.headers(), call.request.body);
    return response;
}

}  // namespace

// PUT /devstoreaccount1/container/blob
// x-ms-blob-type: BlockBlob
// x-ms-copy-source: https://example.org/file
Answer put_blob_from_url(Call& call) {
    auto const type = call.headers().get("x-ms-blob-type");
    if (!base::equal_ignoring_case(type, "BlockBlob")) return azure::invalid_header("x-ms-blob-type", type);
    auto wanted = read_new_blob(call, wire::PlainHeaders::ignored);
    if (!wanted) return wanted.error();
    auto const adopts = wire::read_flag(call.headers(), "x-ms-copy-source-blob-properties");
    if (!adopts) return adopts.error();
    auto const source = read_source(call);
    if (!source) return source.error();
    auto const tag_option = wire::read_tag_option(call.headers());
    if (!tag_option) return tag_option.error();
    auto fetched = fetch(call, *source, kMostPutAtOnce, Digests::with_md5);
    if (!fetched) return fetched.error();
    if (*tag_option == wire::CopiedTags::copied) wanted->tags = std::move(fetched->tags);
    auto const computed = computed_md5(fetched->body);
    if (wanted->content.md5 && computed != wanted->content.md5) return StorageErrorCode::md5_mismatch;
    wanted->content.md5 = computed;
    if (adopts->value_or(true)) adopt(wanted->content, fetched->state.content, call.headers());
    auto content = take_content(call.context, fetched->body, wanted->guard.encryption.key);
    if (!content) return content.error();
    auto const blob = cases::put_blob(call.context, call.address(), *std::move(wanted), *std::move(content));
    if (!blob) return blob.error();
    auto response = empty_response(201);
    wire::add_state(response.headers, *blob);
    wire::add_version(response.headers, *blob);
    if (computed) response.headers.set("Content-MD5", base::to_base64(*computed));
    response.headers.set("x-ms-request-server-encrypted", "true");
    wire::add_encryption(response.headers, blob->encryption);
    return response;
}

// PUT /devstoreaccount1/container/blob?comp=block&blockid=MDAwMQ%3D%3D
// x-ms-copy-source: https://example.org/file
Answer put_block_from_url(Call& call) {
    return put_fetched(call, 4000 * kMiB, &put_block);
}

// PUT /devstoreaccount1/container/blob?comp=appendblock
// x-ms-copy-source: https://example.org/file
Answer append_block_from_url(Call& call) {
    return put_fetched(call, limits_of(call.version).append_block, &append_block);
}

// PUT /devstoreaccount1/container/blob?comp=page
// x-ms-page-write: update
// x-ms-range: bytes=0-511
// x-ms-source-range: bytes=1024-1535
// x-ms-copy-source: https://example.org/file
Answer put_page_from_url(Call& call) {
    constexpr std::uint64_t kMostPages = 4 * kMiB;
    auto const write = call.headers().get("x-ms-page-write");
    if (!base::equal_ignoring_case(write, "update")) return azure::invalid_header("x-ms-page-write", write);
    if (!call.headers().has("x-ms-source-range")) return azure::missing_header("x-ms-source-range");
    return put_fetched(call, kMostPages, &put_page);
}

}  // namespace bluebatch::emulator::blob::routes
