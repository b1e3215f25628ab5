#pragma once

#include "client/api/blob_client.hpp"
#include "client/api/work_queue.hpp"
#include "shared/base/md5.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace bluebatch::client {

struct BlockRange {
    std::uint64_t number = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// How a file of this size is cut. Empty: one Put Blob carries it. At most 50,000 blocks.
std::vector<BlockRange> plan_blocks(std::uint64_t size);

// The base64 of a block's number and MD5: what a run that was cut short has left behind is known again by its
// content, whatever has become of the file meanwhile. The service takes ids of one length only, so that of
// blocks that another tool has left is taken, if need be.
inline constexpr std::size_t kBlockIdBytes = 39;
std::string block_id(std::uint64_t number, base::Md5Digest const& digest, std::size_t bytes = kBlockIdBytes);

// Whether the properties of a blob of many blocks name the MD5 of the file, for which it is read once more.
// Of those that come in one request the service always keeps it.
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

// Queues the requests of one file; blocks of a large file run beside each other, before other files begin.
// The service checks the MD5 of each; blocks that it already has are not sent again. Client and queue outlive
// the work.
void submit_upload(WorkQueue& queue, BlobClient const& client, Upload upload);

}  // namespace bluebatch::client
