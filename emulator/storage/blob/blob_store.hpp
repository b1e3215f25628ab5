#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// What the bare name finds.
std::optional<Blob> find_blob(Connection& connection, std::int64_t container_id, std::string_view name);
// A state that was set aside and is not deleted; `moment` is what names it.
std::optional<Blob> find_snapshot(
    Connection& connection, std::int64_t container_id, std::string_view name, TimePoint moment
);
// A version, be it the current one.
std::optional<Blob> find_version(
    Connection& connection, std::int64_t container_id, std::string_view name, TimePoint version
);
// The blob itself after a soft deletion.
std::optional<Blob> find_deleted_blob(
    Connection& connection, std::int64_t container_id, std::string_view name
);
// The softly deleted state that `moment` names.
std::optional<Blob> find_deleted_state(
    Connection& connection, std::int64_t container_id, std::string_view name, TimePoint moment
);
// Snapshots that are not deleted, by age, at most `limit`.
std::vector<Blob> list_snapshots(
    Connection& connection, std::int64_t container_id, std::string_view name, std::size_t limit
);
// The last moment of a snapshot or version under the name, deleted or not.
std::optional<TimePoint> find_last_moment(
    Connection& connection, std::int64_t container_id, std::string_view name
);
// Everything that was set aside under the name, deleted or not, by age; a deleted blob itself comes last.
std::vector<Blob> list_states_aside(Connection& connection, std::int64_t container_id, std::string_view name);
std::optional<Blob> find_blob_by_id(Connection& connection, std::int64_t id);

// Whether there is any, in whatever state.
bool holds_blobs(Connection& connection, std::int64_t container_id);

// Sets the id of the record.
void insert_blob(Transaction& transaction, Blob& blob);
void update_blob(Transaction& transaction, Blob const& blob);
// Removes the row and what it referred to.
void remove_blob(Transaction& transaction, Blob const& blob);
// Counts one more owner of the blob's bytes, for a record that shares them.
void share_blob_content(Transaction& transaction, Blob const& blob);
// Lets go of the blob's bytes, before it gets others. The row must be updated afterwards.
void release_blob_content(Transaction& transaction, Blob const& blob);

// The pieces that hold the bytes [offset, offset + length) of the blob; the range lies within it.
std::vector<Segment> find_segments(
    Connection& connection, Blob const& blob, std::uint64_t offset, std::uint64_t length
);

// States whose time has come, at most `limit`.
std::vector<Blob> list_purgeable_blobs(Connection& connection, TimePoint now, std::size_t limit);

// One item of a list: a blob, or a common prefix of several.
struct ListedBlob {
    std::optional<std::string> prefix;
    Blob blob;
    bool is_uncommitted = false;     // only blocks that were never committed
    bool has_only_versions = false;  // there is no current state of the name
};

// Where a page begins: at this state of this name.
struct ListPlace {
    std::string name{};
    TimePoint moment = TimePoint::min();
    bool operator==(ListPlace const&) const = default;
};

struct ListBlobs {
    std::int64_t container_id = 0;
    std::string prefix{};
    std::string delimiter{};  // empty: flat
    ListPlace from{};         // inclusive
    std::size_t limit = 5000;
    TimePoint now{};  // what has expired by then is left out
    bool with_uncommitted = false;
    bool with_snapshots = false;
    bool with_versions = false;
    bool with_deleted = false;
};

struct BlobList {
    std::vector<ListedBlob> items;
    std::optional<ListPlace> next;  // where the following page begins
};

// Reads about `limit` rows wherever the page begins and however many blobs a common prefix stands for.
BlobList list_blobs(Connection& connection, ListBlobs const& query);

}  // namespace bluebatch::emulator::storage::blob
