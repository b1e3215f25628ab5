#include "client/api/blob_client.hpp"
#include "client/api/partial_file.hpp"
#include "shared/base/digest.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

namespace fs = std::filesystem;

ApiError cannot_write(fs::path const& target) {
    return make_local_error(fmt::format("Can't write {}: {}.", target.string(), std::strerror(errno)));
}

struct Progress {
    PartialFile& file;
    ByteCount const& count;
    base::Md5 md5;
    std::uint64_t size = 0;
    std::optional<int> write_error;

    void restart() {
        if (size > 0) count(-static_cast<std::int64_t>(size));
        size = 0;
        md5 = base::Md5();
        if (!file.restart()) write_error = errno;
    }
    bool take(std::span<std::byte const> piece) {
        if (!file.append(piece)) {
            write_error = errno;
            return false;
        }
        md5.update(piece);
        size += piece.size();
        count(static_cast<std::int64_t>(piece.size()));
        return true;
    }
};

}  // namespace

ApiResult<std::uint64_t> BlobClient::download(
    std::string_view container, std::string_view blob, fs::path const& target, ByteCount const& count
) const {
    PartialFile file(target);
    if (!file.is_open()) return cannot_write(target);
    Progress progress{.file = file, .count = count, .md5 = {}, .size = 0, .write_error = {}};
    auto call = make_call(http::Verb::get, blob_url(container, blob));
    call.before_attempt = [&progress] { progress.restart(); };
    call.sink = [&progress](std::span<std::byte const> piece) { return progress.take(piece); };
    auto const reply = pipeline_->send(call, options_);
    if (progress.write_error) {
        errno = *progress.write_error;
        return cannot_write(target);
    }
    if (!reply) return reply.error();
    auto const stated = base::parse_base64(reply->response.headers.get("Content-MD5"));
    auto const digest = std::move(progress.md5).finish();
    if (stated && !stated->empty() && *stated != std::string(digest.begin(), digest.end())) {
        return make_protocol_error(fmt::format("The content of blob {} was damaged on its way.", blob));
    }
    if (!file.publish()) return cannot_write(target);
    return progress.size;
}

}  // namespace bluebatch::client
