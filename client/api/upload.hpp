#pragma once

#include "client/api/blob_client.hpp"
#include "client/api/work_queue.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace bluebatch::client {

struct BlockRange {
    std::string id;  // base64, all of one length
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// How a file of this size is cut. Empty: one Put Blob carries it. At most 50,000 blocks.
std::vector<BlockRange> plan_blocks(std::uint64_t size);

// Whether the blob's properties name the MD5 of the file, for which it is read once more. The service makes
// one of its own only for blobs that come in one request.
enum class UploadMd5 : std::uint8_t { left_to_service, stated };

struct Upload {
    std::filesystem::path file;
    std::string container;
    std::string blob;
    // Called once by the thread that ends the upload.
    std::function<void(ApiResult<void>)> done;
    ByteCount count;
    std::string content_type = "application/octet-stream";
    UploadMd5 md5 = UploadMd5::left_to_service;
};

// Queues the requests of one file; blocks of a large file run beside each other and beside other files.
// The client must outlive the queue's work.
void submit_upload(WorkQueue& queue, BlobClient const& client, Upload upload);

}  // namespace bluebatch::client
