#pragma once

#include "emulator/storage/blob/content_files.hpp"
#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/blob/space_reserve.hpp"
#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace bluebatch::emulator::storage::blob {

// Removes, on a thread of its own and in small transactions, what no client can see any more: files of
// contents that are gone, rows of dropped containers, what was kept until its time was over, and once at its
// start the files whose upload the last end of the process cut off. `fresh_content_id` is the first id that
// this process may hand out.
class Cleaner {
public:
    Cleaner(
        Database& database,
        ContentFiles const& files,
        base::SpareFiles& spares,
        SpaceReserve& reserve,
        base::Clock const& clock,
        std::int64_t fresh_content_id
    );

    ~Cleaner();
    Cleaner(Cleaner const&) = delete;
    Cleaner& operator=(Cleaner const&) = delete;

    void wake();
    // Writes it down soon; where too many wait already it is lost.
    void note_access(std::int64_t blob_id, TimePoint at);

private:
    struct Access {
        std::int64_t blob_id;
        TimePoint at;
    };

    void run(std::stop_token const& stop, std::int64_t fresh_content_id);
    // Until there is nothing more to do.
    void clean(std::stop_token const& stop);
    // Whether the step is to be done again. On a full disk it may have what is in reserve.
    bool attempt(std::function<bool()> const& step);
    void note_failure(std::exception const& error);
    // Each does a part of its work; false: there was none.
    bool remove_spare_files();
    bool remove_files();
    bool purge_dropped_container();
    bool remove_pieces();
    bool purge_what_is_due();
    bool drop_stale_blocks();
    bool save_accesses();
    bool waits_for_time() const;
    // False when it is time to stop.
    bool wait(std::stop_token const& stop);
    void remove_orphans(std::stop_token const& stop, std::int64_t fresh_content_id);

    Database& database_;
    ContentFiles const& files_;
    base::SpareFiles& spares_;
    SpaceReserve& reserve_;
    base::Clock const& clock_;
    std::mutex mutex_;
    std::condition_variable_any wakes_;
    bool wanted_ = true;
    std::vector<Access> accesses_;
    bool has_failed_ = false;   // in this round
    std::int64_t passed_ = -1;  // up to this id, the files of this round are removed or must wait
    bool has_let_go_ = false;   // further files since the removal began with the least id
    std::jthread thread_;
};

}  // namespace bluebatch::emulator::storage::blob
