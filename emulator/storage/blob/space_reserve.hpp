#pragma once

#include "emulator/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace bluebatch::emulator::storage::blob {

// A file that only takes up space. On a full disk even a deletion needs some, for the database's log, and so
// does a start; giving this file up lets them through. Thread-safe.
class SpaceReserve {
public:
    static constexpr std::int64_t kSize = 2 << 20;

    explicit SpaceReserve(std::filesystem::path file);

    // Gives the space back to the file system. False when there was none left to give.
    bool release();
    bool is_held();
    // Runs the action; on a full disk a second time, with the space given up.
    template <class Action>
    auto spend_on(Action const& action) {
        try {
            return action();
        } catch (StorageError const& error) {
            if (!error.is_full() || !release()) throw;
        }
        return action();
    }
    // Takes the space again if it can be had; not having it is no failure.
    void restore();

private:
    std::filesystem::path file_;
    std::mutex mutex_;
    bool is_held_ = false;
};

}  // namespace bluebatch::emulator::storage::blob
