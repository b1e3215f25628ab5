#include "emulator/storage/blob/space_reserve.hpp"

#include "emulator/storage/blob/content_files.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace bluebatch::emulator::storage::blob {

SpaceReserve::SpaceReserve(std::filesystem::path file) : file_(std::move(file)) {
    restore();
}

bool SpaceReserve::release() {
    std::scoped_lock const lock(mutex_);
    if (!is_held_) return false;
    is_held_ = false;
    return ::unlink(file_.c_str()) == 0;
}

bool SpaceReserve::is_held() {
    std::scoped_lock const lock(mutex_);
    return is_held_;
}

void SpaceReserve::restore() {
    constexpr mode_t kMode = 0600;
    std::scoped_lock const lock(mutex_);
    if (is_held_) return;
    OpenFile const file(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode));
    if (file.descriptor() < 0) return;
    is_held_ = ::posix_fallocate(file.descriptor(), 0, kSize) == 0;
    if (!is_held_) ::unlink(file_.c_str());
}

}  // namespace bluebatch::emulator::storage::blob
