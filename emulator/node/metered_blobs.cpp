#include "emulator/node/metered_blobs.hpp"

#include <sys/stat.h>

#include <utility>

namespace bluebatch::emulator::node {

TransferResult<void> MeteredBlobs::download(std::string const& url, int target, std::stop_token stop) {
    auto const done = blobs_.download(url, target, std::move(stop));
    struct ::stat information {};
    if (done && ::fstat(target, &information) == 0)
        run_.received(static_cast<std::uint64_t>(information.st_size));
    return done;
}

TransferResult<std::vector<std::string>> MeteredBlobs::list(
    std::string const& container_url, std::string const& prefix, std::stop_token stop
) {
    return blobs_.list(container_url, prefix, std::move(stop));
}

TransferResult<void> MeteredBlobs::upload(
    std::string const& url, http::FileSlice content, http::Headers headers, std::stop_token stop
) {
    auto const size = content.length;
    auto const done = blobs_.upload(url, std::move(content), std::move(headers), std::move(stop));
    if (done) run_.sent(size);
    return done;
}

}  // namespace bluebatch::emulator::node
