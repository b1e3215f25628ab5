#include "emulator/storage/blob/schema.hpp"

namespace bluebatch::emulator::storage::blob {
namespace {

// Names sort byte by byte, which is how lists are ordered. Times and entity tags are ticks of 100 ns since
// 1970.
//
// contents.bytes holds small contents; NULL means a file. `references_` counts the blobs, blocks and copies
// that share a content; at 0 the row goes, and its file is named in `removals` until it is gone from the
// disk. dropped_containers are gone for every client; their rows are removed bit by bit, so that deleting a
// container takes the same time whatever it holds.
constexpr char const* kVersion1 = R"sql(
CREATE TABLE containers(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    last_modified INTEGER NOT NULL,
    etag INTEGER NOT NULL,
    public_access INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    policies TEXT NOT NULL,
    lease_id TEXT,
    lease_seconds INTEGER,
    lease_expires INTEGER,
    lease_breaks INTEGER,
    UNIQUE(account, name)
);
CREATE TABLE dropped_containers(id INTEGER PRIMARY KEY);
CREATE TABLE service_properties(account TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE contents(
    id INTEGER PRIMARY KEY,
    references_ INTEGER NOT NULL,
    size INTEGER NOT NULL,
    bytes BLOB
);
CREATE TABLE removals(content_id INTEGER PRIMARY KEY);
CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counters VALUES('next_content_id', 0);

CREATE TABLE blobs(
    id INTEGER PRIMARY KEY,
    container_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    kind INTEGER NOT NULL,
    size INTEGER NOT NULL,
    content_id INTEGER,
    created INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    etag INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    content_encoding TEXT NOT NULL,
    content_language TEXT NOT NULL,
    content_disposition TEXT NOT NULL,
    cache_control TEXT NOT NULL,
    content_md5 BLOB,
    metadata TEXT NOT NULL,
    tier TEXT,
    tier_changed INTEGER,
    lease_id TEXT,
    lease_seconds INTEGER,
    lease_expires INTEGER,
    lease_breaks INTEGER,
    copy_id TEXT,
    copy_source TEXT,
    copy_completed INTEGER,
    UNIQUE(container_id, name, snapshot)
);
CREATE TABLE committed_blocks(
    blob_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    block_id TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY(blob_id, start)
) WITHOUT ROWID;
CREATE TABLE pending_blobs(
    id INTEGER PRIMARY KEY,
    container_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    block_count INTEGER NOT NULL,
    block_id_length INTEGER NOT NULL,
    UNIQUE(container_id, name)
);
CREATE TABLE pending_blocks(
    pending_id INTEGER NOT NULL,
    block_id TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY(pending_id, block_id)
) WITHOUT ROWID;
)sql";

}  // namespace

std::vector<std::string> const& schema() {
    static std::vector<std::string> const scripts{kVersion1};
    return scripts;
}

}  // namespace bluebatch::emulator::storage::blob
