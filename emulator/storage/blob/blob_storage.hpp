#pragma once

#include "emulator/storage/blob/cleaner.hpp"
#include "emulator/storage/blob/content_files.hpp"
#include "emulator/storage/blob/space_reserve.hpp"
#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace bluebatch::emulator::storage::blob {

// Everything of the Blob service that is on disk:
//     blob.sqlite    what is stored
//     content/       bodies that are too large for a row
//     spool/         bodies that are arriving; emptied at start
//     reserve        space for deletions on a full disk
//     secret         what user delegation keys are made from (secret_file.hpp)
// An acknowledged write survives the end of the process at any moment: its file is complete and in its place
// before the row that names it is committed. With Durability::fsync it survives a loss of power as well.
// Thread-safe.
class BlobStorage {
public:
    // Contents up to this size live in the database.
    static constexpr std::uint64_t kInlineLimit = 16 << 10;

    BlobStorage(
        std::filesystem::path const& location,
        Durability durability,
        base::Clock const& clock,
        Disk& disk = flushing_disk()
    );

    // For a start for which the disk has no room, before there is a storage to ask: some of what is kept in
    // reserve. False when there was none to give.
    static bool give_up_reserve(std::filesystem::path const& location);

    Database& database() { return database_; }
    ContentFiles const& files() const { return files_; }
    std::filesystem::path const& spool_folder() const { return spool_folder_; }
    std::shared_ptr<base::SpareFiles> const& spare_files() const { return spare_files_; }

    // Never within a transaction.
    std::int64_t next_content_id();
    // Runs what frees space; on a full disk it is run again, with ever more of the reserve given up.
    template <class Action>
    auto free_space(Action const& action) {
        auto result = reserve_.spend_on(action);
        if (!reserve_.is_whole()) {
            // At once, before uploads take it; what the deletion frees comes later.
            reserve_.restore_in_part();
            clean_soon();
        }
        return result;
    }
    void keep_reserve() { reserve_.restore_in_part(); }
    // After a commit that let go of contents or dropped a container.
    void clean_soon() { cleaner_.wake(); }
    // Kept in the background, so that reads stay reads.
    void note_access(std::int64_t blob_id, TimePoint at) { cleaner_.note_access(blob_id, at); }

private:
    // In the order in which they free and need space on a full disk.
    std::filesystem::path spool_folder_;
    std::shared_ptr<base::SpareFiles> spare_files_;
    SpaceReserve reserve_;
    Database database_;
    ContentFiles files_;

    std::mutex ids_mutex_;
    std::int64_t next_id_ = 0;
    std::int64_t end_of_ids_ = 0;

    Cleaner cleaner_;
};

}  // namespace bluebatch::emulator::storage::blob
