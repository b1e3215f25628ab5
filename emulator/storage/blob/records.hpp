#pragma once

#include "shared/base/digest.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bluebatch::emulator::storage::blob {

using base::TimePoint;

// Names keep the case and the order they were set in.
using Metadata = std::vector<std::pair<std::string, std::string>>;

enum class PublicAccess : std::uint8_t { none, blob, container };
enum class BlobKind : std::uint8_t { block, append, page };

struct AccessPolicy {
    std::string id;
    std::optional<std::string> start;  // as sent; checked to be times
    std::optional<std::string> expiry;
    std::optional<std::string> permission;
};

// A lease as it was last written; what state it is in depends on the time.
struct Lease {
    std::string id;
    std::optional<std::int64_t> seconds;  // empty: infinite
    std::optional<TimePoint> expires;     // empty: never
    std::optional<TimePoint> breaks;      // when a break was asked for: the end of the lease
};

// `etag` is a time, as the service's own tags are; it is unique among the states one container or blob was
// ever in.
struct Container {
    std::int64_t id = 0;
    std::string account;
    std::string name;
    TimePoint last_modified;
    TimePoint etag;
    PublicAccess public_access = PublicAccess::none;
    Metadata metadata;
    std::vector<AccessPolicy> policies;
    std::optional<Lease> lease;
};

struct ContentHeaders {
    std::string type = "application/octet-stream";
    std::string encoding;
    std::string language;
    std::string disposition;
    std::string cache_control;
    std::optional<std::string> md5;  // 16 bytes
};

struct CopyState {
    std::string id;
    std::string source;
    TimePoint completed;
};

struct Blob {
    std::int64_t id = 0;
    std::int64_t container_id = 0;
    std::string name;
    std::string snapshot;  // empty: the blob itself
    BlobKind kind = BlobKind::block;
    std::uint64_t size = 0;
    std::optional<std::int64_t> content_id;  // empty: the content is a list of blocks, or there is none
    TimePoint created;
    TimePoint last_modified;
    TimePoint etag;
    ContentHeaders content;
    Metadata metadata;
    std::optional<std::string> tier;  // empty: the account's
    std::optional<TimePoint> tier_changed;
    std::optional<Lease> lease;
    std::optional<CopyState> copy;
};

// One block of a committed blob, or one that waits to be committed.
struct Block {
    std::string id;  // base64, as the client sent it
    std::int64_t content_id = 0;
    std::uint64_t size = 0;
};

// A piece of a blob's bytes: `offset` and `length` within the content.
struct Segment {
    std::int64_t content_id = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

}  // namespace bluebatch::emulator::storage::blob
