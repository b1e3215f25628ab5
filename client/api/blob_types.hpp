#pragma once

#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What the client hears from Blob, in Blob's own words.
namespace bluebatch::client {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct ContainerItem {
    std::string name;
    std::optional<base::TimePoint> last_modified;
    std::string etag;  // without quotes
    std::string lease_state;
    std::string public_access;  // "", "blob" or "container"
};

struct ContainerProperties {
    ContainerItem item;
    Metadata metadata;
};

struct BlobItem {
    std::string name;
    bool is_prefix = false;  // what names of blobs begin with, up to a slash
    std::uint64_t size = 0;
    std::string content_type;
    std::string content_md5;  // base64; empty where the service knows none
    std::optional<base::TimePoint> last_modified;
    std::string etag;       // without quotes
    std::string blob_type;  // "BlockBlob"
    std::string access_tier;
};

struct BlobProperties {
    BlobItem item;
    std::string created;  // as it came; another one when the blob is replaced
    std::string lease_state;
    std::string copy_status;  // of the copy that made it: "success", "pending", "failed", "aborted"
    Metadata metadata;
};

// How far a list of blobs goes below its prefix.
enum class Depth : std::uint8_t { all, one_level };

// What an upload says of a blob besides its content.
struct BlobHeaders {
    std::string content_type = "application/octet-stream";
    std::string content_md5;  // base64; empty: the service's own where it makes one
};

}  // namespace bluebatch::client
