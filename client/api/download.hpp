#pragma once

#include "client/api/blob_client.hpp"
#include "client/api/work_queue.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace bluebatch::client {

struct Download {
    std::string container;
    std::string blob;
    std::filesystem::path target;
    // Called once, with the size, by the thread that ends the download.
    std::function<void(ApiResult<std::uint64_t>)> done;
    ByteCount count;
};

// Queues the requests of one blob; ranges of a large one run beside each other, before other blobs begin.
// They are written beside the target, which is replaced once all of them have come from one and the same
// state of the blob, have its MD5, where it has one, and are on the disk. Client and queue outlive the work.
void submit_download(WorkQueue& queue, BlobClient const& client, Download download);

}  // namespace bluebatch::client
