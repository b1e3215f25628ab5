#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_set>

namespace bluebatch::emulator::storage::blob {

// Contents that nobody has read since they came. The kernel may still be sending pages of any other's file
// after the file has been closed, so only these may be written over once they are gone. Of more contents than
// a few thousand it knows only some. Thread-safe.
class UnreadContents {
public:
    void add(std::int64_t content_id) {
        constexpr std::size_t kMost = 4096;
        std::scoped_lock const lock(mutex_);
        if (ids_.size() < kMost) ids_.insert(content_id);
    }
    bool contains(std::int64_t content_id) const {
        std::scoped_lock const lock(mutex_);
        return ids_.contains(content_id);
    }
    // To be called before it is opened. Whether it was one of them.
    bool remove(std::int64_t content_id) {
        std::scoped_lock const lock(mutex_);
        return ids_.erase(content_id) > 0;
    }

private:
    mutable std::mutex mutex_;
    std::unordered_set<std::int64_t> ids_;
};

}  // namespace bluebatch::emulator::storage::blob
