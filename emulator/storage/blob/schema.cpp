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

// Of each blob, `live` is 1 for the state that its bare name finds; lists that want no other read only those.
// `moment` is the end of time for a blob itself, deleted or not, else what names the snapshot or version.
// `purge` is when a row goes by itself. What few blobs have is in `extras`.
//
// A layout is the list of pieces that a blob consists of, in the order of `start`; what lies between them are
// zeros. Blobs that share a layout (snapshots, versions, copies) are counted, and so is each piece's content.
constexpr char const* kVersion2 = R"sql(
ALTER TABLE containers ADD COLUMN extras TEXT NOT NULL DEFAULT '';
CREATE TABLE deleted_containers(
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    purge INTEGER NOT NULL,
    last_modified INTEGER NOT NULL,
    etag INTEGER NOT NULL,
    public_access INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    policies TEXT NOT NULL,
    extras TEXT NOT NULL,
    UNIQUE(account, name, version)
);
CREATE INDEX deleted_containers_purge ON deleted_containers(purge);
CREATE TABLE account_settings(account TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE layouts(id INTEGER PRIMARY KEY AUTOINCREMENT, references_ INTEGER NOT NULL);
CREATE TABLE segments(
    layout_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    size INTEGER NOT NULL,
    block_id TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    content_offset INTEGER NOT NULL,
    PRIMARY KEY(layout_id, start)
) WITHOUT ROWID;
INSERT INTO layouts SELECT DISTINCT blob_id, 1 FROM committed_blocks;
INSERT INTO segments SELECT blob_id, start, size, block_id, content_id, 0 FROM committed_blocks;
DROP TABLE committed_blocks;

CREATE TABLE states(
    id INTEGER PRIMARY KEY,
    container_id INTEGER NOT NULL,
    live INTEGER NOT NULL,
    name TEXT NOT NULL,
    moment INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    version INTEGER,
    deleted INTEGER,
    purge INTEGER,
    kind INTEGER NOT NULL,
    size INTEGER NOT NULL,
    content_id INTEGER,
    layout_id INTEGER,
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
    tags TEXT NOT NULL,
    tier TEXT,
    tier_changed INTEGER,
    lease_id TEXT,
    lease_seconds INTEGER,
    lease_expires INTEGER,
    lease_breaks INTEGER,
    accessed INTEGER,
    extras TEXT NOT NULL,
    UNIQUE(container_id, live, name, moment)
);
INSERT INTO states SELECT id, container_id, 1, name, 9223372036854775807, 0, NULL, NULL, NULL, kind, size,
    content_id, CASE WHEN content_id IS NULL AND size > 0 THEN id END, created, last_modified, etag,
    content_type, content_encoding, content_language, content_disposition, cache_control, content_md5, metadata,
    '', tier, tier_changed, lease_id, lease_seconds, lease_expires, lease_breaks, NULL,
    CASE WHEN copy_id IS NULL THEN '' ELSE 'copy.id:' || copy_id || char(30) || 'copy.source:' || copy_source ||
        char(30) || 'copy.copied:' || size || char(30) || 'copy.total:' || size || char(30) ||
        'copy.completed:' || copy_completed || char(30) END FROM blobs;
DROP TABLE blobs;
ALTER TABLE states RENAME TO blobs;
CREATE INDEX blobs_purge ON blobs(purge) WHERE purge IS NOT NULL;

CREATE TABLE tags(
    container_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    name TEXT NOT NULL,
    blob_id INTEGER NOT NULL,
    PRIMARY KEY(container_id, key, value, name, blob_id)
) WITHOUT ROWID;
CREATE TABLE pending_copies(blob_id INTEGER PRIMARY KEY);
)sql";

constexpr char const* kVersion3 = "ALTER TABLE pending_blobs ADD COLUMN key_sha256 BLOB;";

// Layouts that nobody refers to any more; their pieces are removed bit by bit, so that letting go of a blob
// takes the same time however many pieces it has. Blocks that wait for nothing any more belong to container
// 0, which is dropped from time to time.
constexpr char const* kVersion4 = "CREATE TABLE dropped_layouts(id INTEGER PRIMARY KEY);";

// A blob may have any number of versions; whoever looks for its snapshots must not read them all.
constexpr char const* kVersion5 =
    "CREATE INDEX blobs_snapshots ON blobs(container_id, name, moment) WHERE stage = 1 AND deleted IS NULL;";

// When the last block of a waiting blob was put; NULL once nobody waits for it any more. What an earlier
// version stored counts as put when this one is first run.
constexpr char const* kVersion6 = R"sql(
ALTER TABLE pending_blobs ADD COLUMN last_put INTEGER;
UPDATE pending_blobs SET last_put = CAST(strftime('%s', 'now') AS INTEGER) * 10000000;
CREATE INDEX pending_blobs_last_put ON pending_blobs(last_put) WHERE last_put IS NOT NULL;
)sql";

}  // namespace

std::vector<std::string> const& schema() {
    static std::vector<std::string> const scripts{
        kVersion1, kVersion2, kVersion3, kVersion4, kVersion5, kVersion6};
    return scripts;
}

}  // namespace bluebatch::emulator::storage::blob
