#pragma once

#include "emulator/storage/sqlite.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace bluebatch::emulator::scheduler {

// The transaction of a turn, or of several one after another, because a commit writes each page that they
// have changed and they change the same ones. Used by one thread.
class LongTransaction {
public:
    using Time = std::chrono::steady_clock::time_point;

    // The database must outlive it. `now` is a clock that nobody sets.
    explicit LongTransaction(
        storage::Database& database, std::function<Time()> now = &std::chrono::steady_clock::now
    )
        : database_(database), now_(std::move(now)) {}

    // The one that is open, or else a new one.
    storage::Transaction& get();
    // Whether the next turn may have it as well: nobody waits for it, and readers have not been without news
    // for long.
    bool may_go_on() const;
    bool is_open() const { return open_.has_value(); }
    void commit();
    void roll_back() { open_.reset(); }

private:
    storage::Database& database_;
    std::function<Time()> const now_;
    std::optional<storage::Transaction> open_;
    Time began_;
};

}  // namespace bluebatch::emulator::scheduler
