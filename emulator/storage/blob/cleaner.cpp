#include "emulator/storage/blob/cleaner.hpp"

#include "emulator/storage/blob/blob_row.hpp"
#include "emulator/storage/blob/blob_store.hpp"
#include "emulator/storage/blob/block_store.hpp"
#include "emulator/storage/blob/container_store.hpp"
#include "emulator/storage/blob/content_store.hpp"
#include "emulator/storage/blob/fields.hpp"
#include "emulator/storage/blob/layout_store.hpp"
#include "shared/base/log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace bluebatch::emulator::storage::blob {
namespace {

// Rows per transaction, so that a request waits for the cleaner only briefly.
constexpr std::size_t kRowsAtOnce = 200;
// Pieces of blobs and waiting blocks.
constexpr std::size_t kPiecesAtOnce = 1000;
// From the last block that was put for a blob, after which those that were never committed are gone.
constexpr std::chrono::days kLongestWait{7};
// The clock may jump, so deadlines are looked at and not slept for.
constexpr std::chrono::seconds kBetweenLooks{1};

std::int64_t read_id(Row const& row) {
    return row.integer(0);
}

// Removes as many waiting blocks of the container as a transaction may; false when there were none.
bool remove_waiting(Transaction& transaction, std::int64_t container_id) {
    auto const pending = transaction.connection().all(
        "SELECT id FROM pending_blobs WHERE container_id = ? LIMIT ?", {container_id, kRowsAtOnce}, read_id
    );
    auto left = kPiecesAtOnce;
    for (auto const id : pending) {
        left -= remove_pending_blocks(transaction, id, left);
        if (left == 0) break;
    }
    return !pending.empty();
}

}  // namespace

Cleaner::Cleaner(
    Database& database,
    ContentFiles const& files,
    base::SpareFiles& spares,
    SpaceReserve& reserve,
    base::Clock const& clock,
    std::int64_t fresh_content_id
)
    : database_(database),
      files_(files),
      spares_(spares),
      reserve_(reserve),
      clock_(clock),
      thread_([this, fresh_content_id](std::stop_token const& stop) { run(stop, fresh_content_id); }) {
    files_.pins().on_release([this] { wake(); });
}

Cleaner::~Cleaner() {
    files_.pins().on_release({});
}

void Cleaner::wake() {
    {
        std::scoped_lock const lock(mutex_);
        wanted_ = true;
    }
    wakes_.notify_one();
}

void Cleaner::note_access(std::int64_t blob_id, TimePoint at) {
    constexpr std::size_t kMost = 100'000;
    {
        std::scoped_lock const lock(mutex_);
        if (accesses_.size() < kMost) accesses_.push_back({blob_id, at});
    }
    wakes_.notify_one();
}

void Cleaner::run(std::stop_token const& stop, std::int64_t fresh_content_id) {
    bool is_first_round = true;
    while (wait(stop)) {
        has_failed_ = false;
        // While the emulator starts, others may need what a start on a full disk was given.
        bool const is_start = std::exchange(is_first_round, false);
        if (is_start) {
            auto const remove = [&] {
                remove_orphans(stop, fresh_content_id);
                return false;
            };
            while (attempt(remove)) {
            }
        }
        clean(stop);
        if (has_failed_) continue;
        if (is_start) {
            reserve_.restore();
        } else {
            reserve_.restore_in_part();
        }
    }
}

void Cleaner::clean(std::stop_token const& stop) {
    // Files first: what they take up may be what the others lack. Each has its turn, however much another has
    // to do.
    constexpr std::array kSteps{
        &Cleaner::remove_spare_files,
        &Cleaner::remove_files,
        &Cleaner::save_accesses,
        &Cleaner::purge_what_is_due,
        &Cleaner::drop_stale_blocks,
        &Cleaner::purge_dropped_container,
        &Cleaner::remove_pieces,
    };
    passed_ = -1;
    for (bool has_more = true; has_more;) {
        has_more = false;
        for (auto const step : kSteps) {
            if (stop.stop_requested()) return;
            if (!attempt([&] { return (this->*step)(); })) continue;
            has_more = true;
            if (step != &Cleaner::remove_files) has_let_go_ = true;
        }
    }
}

bool Cleaner::attempt(std::function<bool()> const& step) {
    try {
        return step();
    } catch (StorageError const& error) {
        if (error.is_full() && reserve_.release()) return true;
        note_failure(error);
    } catch (std::exception const& error) {
        note_failure(error);
    }
    return false;
}

// The next request that removes something tries again.
void Cleaner::note_failure(std::exception const& error) {
    has_failed_ = true;
    base::log::warning("blob storage could not be cleaned: {}", error.what());
}

bool Cleaner::wait(std::stop_token const& stop) {
    bool const is_timed = !spares_.empty() || waits_for_time();
    std::unique_lock lock(mutex_);
    auto const is_wanted = [this] { return wanted_ || !accesses_.empty(); };
    if (is_timed) {
        wakes_.wait_for(lock, stop, kBetweenLooks, is_wanted);
    } else {
        wakes_.wait(lock, stop, is_wanted);
    }
    wanted_ = false;
    return !stop.stop_requested();
}

bool Cleaner::waits_for_time() const {
    try {
        Snapshot snapshot(database_);
        auto& connection = snapshot.connection();
        auto const purge = connection.find(
            "SELECT 1 FROM blobs WHERE purge IS NOT NULL UNION ALL SELECT 1 FROM deleted_containers LIMIT 1",
            {},
            read_id
        );
        return purge || has_pending_blobs(connection);
    } catch (std::exception const& error) {
        base::log::warning("blob storage could not be looked at: {}", error.what());
        return true;
    }
}

bool Cleaner::purge_what_is_due() {
    auto const now = clock_.now();
    Transaction transaction(database_);
    auto const blobs = list_purgeable_blobs(transaction.connection(), now, kRowsAtOnce);
    for (auto const& blob : blobs)
        remove_blob(transaction, blob);
    bool const has_container = purge_deleted_container(transaction, now);
    if (blobs.empty() && !has_container) return false;
    transaction.commit();
    return true;
}

bool Cleaner::save_accesses() {
    std::vector<Access> accesses;
    {
        std::scoped_lock const lock(mutex_);
        auto const count = std::min(accesses_.size(), kRowsAtOnce);
        auto const first = accesses_.end() - static_cast<std::ptrdiff_t>(count);
        accesses.assign(first, accesses_.end());
        accesses_.erase(first, accesses_.end());
    }
    if (accesses.empty()) return false;
    Transaction transaction(database_);
    for (auto const& [blob_id, at] : accesses) {
        transaction.connection().execute(
            "UPDATE blobs SET accessed = ? WHERE id = ?", {to_column(at), blob_id}
        );
    }
    transaction.commit();
    return true;
}

bool Cleaner::remove_spare_files() {
    spares_.remove_stale();
    return false;
}

bool Cleaner::remove_files() {
    auto ids = list_removals(Snapshot(database_).connection(), kRowsAtOnce, passed_);
    if (ids.empty()) {
        passed_ = -1;
        // What was let go meanwhile may have lesser ids than those it had passed.
        return std::exchange(has_let_go_, false);
    }
    passed_ = ids.back();
    // Were the rows that named these files to come back after a loss of power, they would need them.
    database_.flush();
    std::erase_if(ids, [this](std::int64_t id) {
        return !files_.pins().remove_unless_pinned(id, [this, id] { files_.retire(id); });
    });
    if (ids.empty()) return true;
    files_.sync_removals(ids);
    Transaction transaction(database_);
    forget_removals(transaction, ids);
    transaction.commit();
    return true;
}

bool Cleaner::purge_dropped_container() {
    auto const container_id =
        Snapshot(database_).connection().find("SELECT id FROM dropped_containers LIMIT 1", {}, read_id);
    if (!container_id) return false;
    static std::string const sql =
        "SELECT " + std::string{kBlobColumns} + " FROM blobs WHERE container_id = ? LIMIT ?";
    Transaction transaction(database_);
    auto& connection = transaction.connection();
    auto const blobs = connection.all(sql, {*container_id, kRowsAtOnce}, read_blob);
    for (auto const& blob : blobs)
        remove_blob(transaction, blob);
    bool const has_pending = remove_waiting(transaction, *container_id);
    if (blobs.empty() && !has_pending) {
        connection.execute("DELETE FROM dropped_containers WHERE id = ?", {*container_id});
    }
    transaction.commit();
    return true;
}

bool Cleaner::drop_stale_blocks() {
    auto const until = clock_.now() - kLongestWait;
    if (list_stale_blobs(Snapshot(database_).connection(), until, 1).empty()) return false;
    Transaction transaction(database_);
    for (auto const id : list_stale_blobs(transaction.connection(), until, kRowsAtOnce))
        drop_pending_blob(transaction, id);
    transaction.commit();
    return true;
}

bool Cleaner::remove_pieces() {
    if (!has_dropped_layouts(Snapshot(database_).connection())) return false;
    Transaction transaction(database_);
    remove_dropped_pieces(transaction, kPiecesAtOnce);
    transaction.commit();
    return true;
}

void Cleaner::remove_orphans(std::stop_token const& stop, std::int64_t fresh_content_id) {
    // Ids are handed out in order, so an orphan can only be among those of the processes that ended since.
    auto id = find_checked_id(Snapshot(database_).connection());
    for (; id < fresh_content_id; ++id) {
        if (stop.stop_requested()) return;
        if (!std::filesystem::exists(files_.path_of(id))) continue;
        if (!is_content_file(Snapshot(database_).connection(), id)) files_.remove(id);
    }
    Transaction transaction(database_);
    set_checked_id(transaction, fresh_content_id);
    transaction.commit();
}

}  // namespace bluebatch::emulator::storage::blob
