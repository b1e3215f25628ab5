#include "emulator/blob/cases/reading.hpp"

#include "emulator/blob/routes/answers.hpp"
#include "emulator/blob/routes/handlers.hpp"
#include "emulator/blob/routes/pieces.hpp"
#include "emulator/blob/routes/structured.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "shared/base/crc64.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageErrorCode;

// x-ms-range goes before Range.
std::string_view range_header(http::Headers const& headers) {
    return headers.find("x-ms-range").value_or(headers.get("Range"));
}

constexpr std::string_view kRangeMd5 = "x-ms-range-get-content-md5";
constexpr std::string_view kRangeCrc64 = "x-ms-range-get-content-crc64";

bool is_asked_for(http::Headers const& headers, std::string_view name) {
    return base::equal_ignoring_case(headers.get(name), "true");
}

// Digests go with a range of at most 4 MiB.
std::optional<azure::StorageError> find_digest_fault(
    http::Headers const& headers, std::string_view name, cases::BlobContent const& content
) {
    constexpr std::uint64_t kLongest = 4 << 20;
    if (!is_asked_for(headers, name)) return std::nullopt;
    if (!content.range) return azure::invalid_header(name, headers.get(name));
    if (content.range->length > kLongest) return StorageErrorCode::out_of_range_input;
    return std::nullopt;
}

std::string base64(base::Md5Digest const& digest) {
    return base::to_base64(std::span<std::uint8_t const>{digest});
}

Answer read_blob(Call& call) {
    auto const& headers = call.headers();
    if (is_asked_for(headers, kRangeMd5) && is_asked_for(headers, kRangeCrc64)) {
        return StorageErrorCode::both_crc64_and_md5_range_header_present;
    }
    auto guard = read_guard_of_read(call);
    if (!guard) return guard.error();
    auto content = cases::read_content(
        call.context, call.address(), {std::string{range_header(headers)}, *std::move(guard)}
    );
    if (!content) return content.error();
    for (auto const name : {kRangeMd5, kRangeCrc64}) {
        if (auto const fault = find_digest_fault(headers, name, *content)) return *fault;
    }
    auto const& blob = content->blob;
    auto response = empty_response(content->range ? 206 : 200);
    wire::add_blob(response.headers, blob, call.grant.signature, call.context.clock.now());
    add_pieces(response, std::move(content->pieces), call.context.storage.spool_folder());
    auto const md5 = blob.content.md5 ? base::to_base64(*blob.content.md5) : std::string{};
    if (!content->range) {
        if (!md5.empty()) response.headers.set("Content-MD5", md5);
        return response;
    }
    auto const [offset, length] = *content->range;
    response.headers.set(
        "Content-Range", fmt::format("bytes {}-{}/{}", offset, offset + length - 1, blob.size)
    );
    if (!md5.empty()) response.headers.set("x-ms-blob-content-md5", md5);
    if (is_asked_for(headers, kRangeMd5)) response.headers.set("Content-MD5", base64(md5_of(response)));
    if (is_asked_for(headers, kRangeCrc64)) {
        response.headers.set("x-ms-content-crc64", base::to_base64(base::crc64_bytes(crc64_of(response))));
    }
    return response;
}

}  // namespace

Answer get_blob(Call& call) {
    auto response = read_blob(call);
    if (response && is_structured(call.headers())) structure_body(*response);
    return response;
}

}  // namespace bluebatch::emulator::blob::routes
