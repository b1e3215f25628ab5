#pragma once

#include "emulator/storage/sqlite.hpp"
#include "shared/base/clock.hpp"

#include <optional>

namespace bluebatch::emulator::scheduler {

// The transaction of a turn, or of several one after another, because a commit writes each page that they
// have changed and they change the same ones. Used by one thread.
class LongTransaction {
public:
    // The references must outlive it.
    LongTransaction(storage::Database& database, base::Clock const& clock)
        : database_(database), clock_(clock) {}

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
    base::Clock const& clock_;
    std::optional<storage::Transaction> open_;
    base::TimePoint began_;
};

}  // namespace bluebatch::emulator::scheduler
