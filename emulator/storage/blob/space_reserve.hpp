#pragma once

#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace bluebatch::emulator::storage::blob {

// A file that only takes up space. On a full disk even a deletion needs some, for the database's log, and so
// does a start; giving parts of this file up lets them through, while uploads find no more room than before.
// Thread-safe.
class SpaceReserve {
public:
    static constexpr std::int64_t kSize = 2 << 20;
    static constexpr std::int64_t kStep = 256 << 10;

    explicit SpaceReserve(std::filesystem::path file);

    // Gives some of the space of such a file back, of which there is no object yet. False when there was
    // none.
    static bool release(std::filesystem::path const& file);
    // Gives some of the space back to the file system. False when there was none left to give.
    bool release();
    bool is_whole();
    // Runs the action; on a full disk again and again, each time with more of the space given up.
    template <class Action>
    auto spend_on(Action const& action) {
        for (;;) {
            try {
                return action();
            } catch (StorageError const& error) {
                if (!error.is_full() || !release()) throw;
            }
        }
    }
    // Takes the space again if it can be had; not having it is no failure.
    void restore();
    // The same, or as much of it as there is.
    void restore_in_part();

private:
    // Whether there is that much now. Else it is what it was.
    bool grow_to(std::int64_t size);

    std::filesystem::path file_;
    std::mutex mutex_;
    std::int64_t held_ = 0;
};

}  // namespace bluebatch::emulator::storage::blob
