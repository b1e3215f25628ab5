#include "emulator/blob/routes/bodies.hpp"

#include "emulator/blob/routes/structured.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "shared/base/aes_ctr.hpp"
#include "shared/base/crc64.hpp"

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageErrorCode;

azure::StorageError mismatch(
    StorageErrorCode code, std::string const& what, std::string_view given, std::string_view computed
) {
    return {
        code,
        {{"UserSpecified" + what, base::to_base64(given)},
         {"ServerCalculated" + what, base::to_base64(computed)}}};
}

}  // namespace

std::optional<std::string> computed_md5(http::Body const& body) {
    if (!body.md5) return std::nullopt;
    return std::string{body.md5->begin(), body.md5->end()};
}

azure::StorageResult<void> check_digests(http::Request const& request) {
    if (auto const fault = find_message_fault(request)) return *fault;
    if (request.headers.has("Content-MD5") && request.headers.has("x-ms-content-crc64")) {
        return StorageErrorCode::both_crc64_and_md5_header_present;
    }
    auto const md5 = wire::read_md5(request.headers, "Content-MD5");
    if (!md5) return md5.error();
    auto const crc64 = wire::read_crc64(request.headers, "x-ms-content-crc64");
    if (!crc64) return crc64.error();
    if (*md5) {
        auto const computed = computed_md5(request.body).value_or("");
        if (computed != **md5) {
            return mismatch(StorageErrorCode::md5_mismatch, "Md5", **md5, computed);
        }
    }
    if (*crc64) {
        auto const computed = base::crc64_bytes(request.body.crc64.value_or(0));
        if (computed != **crc64) {
            return mismatch(StorageErrorCode::crc64_mismatch, "Crc", **crc64, computed);
        }
    }
    return {};
}

void add_digests(http::Headers& headers, http::Headers const& asked, http::Body const& body) {
    if (body.md5 && asked.has("Content-MD5")) {
        headers.set("Content-MD5", base::to_base64(std::span<std::uint8_t const>{*body.md5}));
    }
    if (body.filter) headers.set("x-ms-structured-body", std::string{azure::kStructuredBody});
    if (body.crc64) headers.set("x-ms-content-crc64", base::to_base64(base::crc64_bytes(*body.crc64)));
}

azure::StorageResult<store::NewContent> take_content(
    Context const& context, http::Body& body, std::string const& key
) {
    std::optional<base::AesCtr> cipher;
    if (!key.empty()) cipher.emplace(key);
    auto const* const with = cipher ? &*cipher : nullptr;
    if (!body.file) return store::NewContent::from_bytes(context.storage, std::move(body.bytes), with);
    // Adopting renames the file away; should that fail, the spooled file still removes it.
    auto content = store::NewContent::from_file(context.storage, body.file->path(), body.size, with);
    static_cast<void>(std::move(*body.file).release());
    return content;
}

}  // namespace bluebatch::emulator::blob::routes
