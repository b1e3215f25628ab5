#include "emulator/scheduler/long_transaction.hpp"

namespace bluebatch::emulator::scheduler {

namespace {

// Readers are behind by so much, and by the turn that is under way.
constexpr std::chrono::milliseconds kLongest{200};

}  // namespace

storage::Transaction& LongTransaction::get() {
    if (!open_) {
        open_.emplace(database_);
        began_ = now_();
    }
    return *open_;
}

bool LongTransaction::may_go_on() const {
    return open_ && !open_->is_awaited() && now_() - began_ < kLongest;
}

void LongTransaction::commit() {
    open_.value().commit();
    open_.reset();
}

}  // namespace bluebatch::emulator::scheduler
