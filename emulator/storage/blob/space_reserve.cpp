#include "emulator/storage/blob/space_reserve.hpp"

#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>

namespace bluebatch::emulator::storage::blob {
namespace {

// What an earlier run has left; a file may be longer than what it takes up.
std::int64_t size_of(std::filesystem::path const& file) {
    constexpr std::int64_t kBlock = 512;
    struct stat state {};
    if (::stat(file.c_str(), &state) != 0) return 0;
    auto const size = std::min<std::int64_t>(state.st_size, state.st_blocks * kBlock);
    return std::min(size, SpaceReserve::kSize) / SpaceReserve::kStep * SpaceReserve::kStep;
}

// To a size below that of now.
bool shrink(std::filesystem::path const& file, std::int64_t size) {
    return size == 0 ? ::unlink(file.c_str()) == 0 : ::truncate(file.c_str(), size) == 0;
}

}  // namespace

SpaceReserve::SpaceReserve(std::filesystem::path file) : file_(std::move(file)), held_(size_of(file_)) {
    restore();
}

bool SpaceReserve::release() {
    std::scoped_lock const lock(mutex_);
    if (held_ == 0) return false;
    held_ -= kStep;
    return shrink(file_, held_);
}

bool SpaceReserve::release(std::filesystem::path const& file) {
    auto const held = size_of(file);
    return held > 0 && shrink(file, held - kStep);
}

bool SpaceReserve::is_whole() {
    std::scoped_lock const lock(mutex_);
    return held_ == kSize;
}

bool SpaceReserve::grow_to(std::int64_t size) {
    constexpr mode_t kMode = 0600;
    base::UniqueDescriptor const file{::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode)};
    if (!file) return false;
    if (::posix_fallocate(file.get(), 0, size) == 0) {
        held_ = size;
        return true;
    }
    // It may have got some of it.
    bool const is_as_before = ::ftruncate(file.get(), held_) == 0;
    if (held_ == 0 || !is_as_before) {
        ::unlink(file_.c_str());
        held_ = 0;
    }
    return false;
}

void SpaceReserve::restore() {
    std::scoped_lock const lock(mutex_);
    if (held_ < kSize) grow_to(kSize);
}

void SpaceReserve::restore_in_part() {
    std::scoped_lock const lock(mutex_);
    for (auto size = kSize; size > held_; size -= kStep) {
        if (grow_to(size)) return;
    }
}

}  // namespace bluebatch::emulator::storage::blob
