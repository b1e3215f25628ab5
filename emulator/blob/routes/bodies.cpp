#include "emulator/blob/routes/bodies.hpp"

#include "emulator/blob/wire/request_headers.hpp"

namespace bluebatch::emulator::blob::routes {

std::optional<std::string> computed_md5(http::Body const& body) {
    if (!body.md5) return std::nullopt;
    return std::string{body.md5->begin(), body.md5->end()};
}

azure::StorageResult<store::NewContent> take_content(Context const& context, http::Request& request) {
    auto const wanted = wire::read_md5(request.headers, "Content-MD5");
    if (!wanted) return wanted.error();
    if (*wanted && computed_md5(request.body) != *wanted) return azure::StorageErrorCode::md5_mismatch;
    if (!request.body.file) {
        return store::NewContent::from_bytes(context.storage, std::move(request.body.bytes));
    }
    // Adopting renames the file away; should that fail, the spooled file still removes it.
    auto content =
        store::NewContent::from_file(context.storage, request.body.file->path(), request.body.size);
    static_cast<void>(std::move(*request.body.file).release());
    return content;
}

}  // namespace bluebatch::emulator::blob::routes
