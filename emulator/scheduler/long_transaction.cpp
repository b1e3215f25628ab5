#include "emulator/scheduler/long_transaction.hpp"

#include <chrono>

namespace bluebatch::emulator::scheduler {

namespace {

// Of real time; readers are behind by so much, and by the turn that is under way.
constexpr base::Ticks kLongest = std::chrono::milliseconds{200};

}  // namespace

storage::Transaction& LongTransaction::get() {
    if (!open_) {
        open_.emplace(database_);
        began_ = clock_.machine_now();
    }
    return *open_;
}

bool LongTransaction::may_go_on() const {
    return open_ && !open_->is_awaited() && clock_.machine_now() - began_ < kLongest;
}

void LongTransaction::commit() {
    open_.value().commit();
    open_.reset();
}

}  // namespace bluebatch::emulator::scheduler
