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

struct SoftDeletion {
    TimePoint at;
    TimePoint purge;  // when it goes for good
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
    std::string default_encryption_scope;  // empty: the account's
    bool denies_scope_override = false;
    bool has_immutable_versions = false;  // policies and legal holds of single versions may be set
};

// A container that can still be restored.
struct DeletedContainer {
    Container container;
    std::string version;  // tells those of one name apart
    SoftDeletion deletion;
};

struct ContentHeaders {
    std::string type = "application/octet-stream";
    std::string encoding;
    std::string language;
    std::string disposition;
    std::string cache_control;
    std::optional<std::string> md5;  // 16 bytes
};

enum class CopyStatus : std::uint8_t { success, pending, aborted, failed };

struct CopyState {
    std::string id;
    std::string source;
    CopyStatus status = CopyStatus::success;
    std::string description{};  // of a failure
    std::uint64_t copied = 0;   // bytes so far
    std::uint64_t total = 0;
    std::optional<TimePoint> completed{};  // once it is not pending any more
    bool is_incremental = false;
    std::optional<TimePoint> destination_snapshot{};  // incremental: the last one that was made
};

// A tier that is on its way out of the archive.
struct Rehydration {
    std::string tier;
    std::string priority;  // Standard or High
    TimePoint done;
};

enum class ImmutabilityMode : std::uint8_t { unlocked, locked };
struct Immutability {
    TimePoint until;
    ImmutabilityMode mode = ImmutabilityMode::unlocked;
};

// How the bytes are encrypted; with neither, by the service's own key.
struct Encryption {
    std::string scope;
    std::string key_sha256;  // of the customer's key; 32 bytes
};

// A blob is at most one state that its bare name finds, and any number that were set aside.
enum class Stage : std::uint8_t { current, snapshot, version };

// The `moment` of a current state; later than every other, so that it comes last in lists.
inline constexpr TimePoint kCurrentMoment = TimePoint::max();

struct Blob {
    std::int64_t id = 0;
    std::int64_t container_id = 0;
    std::string name;
    Stage stage = Stage::current;
    TimePoint moment = kCurrentMoment;     // the time that names a snapshot or version
    std::optional<TimePoint> version;      // the id of the version this is, while versions are kept
    std::optional<SoftDeletion> deletion;  // only lists and Undelete Blob see it then
    BlobKind kind = BlobKind::block;
    std::uint64_t size = 0;
    // Where the bytes are: one content, a layout of several, or neither (all zeros, or none).
    std::optional<std::int64_t> content_id;
    std::optional<std::int64_t> layout_id;
    TimePoint created;
    TimePoint last_modified;
    TimePoint etag;
    ContentHeaders content;
    Metadata metadata;
    Metadata tags;
    std::optional<std::string> tier;  // empty: the account's
    std::optional<TimePoint> tier_changed;
    std::optional<Rehydration> rehydration;
    std::optional<Lease> lease;
    std::optional<CopyState> copy;
    std::optional<TimePoint> expires;    // from then on nobody finds it
    std::optional<TimePoint> accessed;   // while the account tracks it
    std::uint64_t sequence_number = 0;   // of a page blob
    bool is_sealed = false;              // of an append blob
    std::uint64_t committed_blocks = 0;  // of an append blob
    std::optional<Immutability> immutability;
    bool has_legal_hold = false;
    Encryption encryption;
};

// One block of a committed blob, or one that waits to be committed.
struct Block {
    std::string id;  // base64, as the client sent it
    std::int64_t content_id = 0;
    std::uint64_t size = 0;
};

// A piece of a blob's bytes: `offset` and `length` within the content; no content: zeros.
struct Segment {
    std::optional<std::int64_t> content_id;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

}  // namespace bluebatch::emulator::storage::blob
