#pragma once

#include "emulator/storage/disk.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>

namespace bluebatch::emulator::storage {

// Makes commits durable, many with one sync of the log that they were appended to: whoever comes first syncs
// for all that have committed by then, the others wait, and the first of those that came later syncs next.
// Thread-safe.
class GroupSync {
public:
    GroupSync(std::filesystem::path log, Disk& disk) : log_(std::move(log)), disk_(disk) {}

    // A commit has been appended to the log. Called in the order of the log.
    std::uint64_t note_commit() { return ++commits_; }
    // Returns once this commit and all before are durable. Throws StorageError when that can't be had; from
    // then on nothing is durable any more, because the kernel forgets what it failed to write.
    void wait_for(std::uint64_t commit);
    void wait_for_all() { wait_for(commits_); }

private:
    void sync(std::unique_lock<std::mutex>& lock);

    std::filesystem::path const log_;
    Disk& disk_;
    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> durable_ = 0;
    std::mutex mutex_;
    std::condition_variable progress_;
    bool is_syncing_ = false;
    bool has_failed_ = false;
};

}  // namespace bluebatch::emulator::storage
