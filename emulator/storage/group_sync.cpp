#include "emulator/storage/group_sync.hpp"

#include "emulator/storage/sqlite.hpp"
#include "shared/base/log.hpp"

namespace bluebatch::emulator::storage {

void GroupSync::wait_for(std::uint64_t commit) {
    if (durable_ >= commit) return;
    std::unique_lock lock(mutex_);
    while (durable_ < commit) {
        if (has_failed_) throw StorageError::not_durable();
        if (is_syncing_) {
            progress_.wait(lock);
        } else {
            sync(lock);
        }
    }
}

void GroupSync::sync(std::unique_lock<std::mutex>& lock) {
    is_syncing_ = true;
    lock.unlock();
    auto const reached = commits_.load();
    bool is_done = true;
    try {
        disk_.sync_file(log_);
    } catch (std::exception const& error) {
        base::log::error("the disk does not keep what is written: {}; nothing more is stored", error.what());
        is_done = false;
    }
    lock.lock();
    is_syncing_ = false;
    has_failed_ = has_failed_ || !is_done;
    if (is_done) durable_ = reached;
    progress_.notify_all();
}

}  // namespace bluebatch::emulator::storage
