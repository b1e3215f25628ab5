#include "client/api/partial_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace bluebatch::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestStem = 200;

}  // namespace

PartialFile::PartialFile(fs::path target) : target_(std::move(target)) {
    static std::atomic<unsigned> number{0};
    auto const stem = target_.filename().string().substr(0, kLongestStem);
    path_ = target_.parent_path() / fmt::format(".{}.{}-{}.part", stem, ::getpid(), ++number);
    constexpr mode_t kWhatTheUmaskLeaves = 0666;
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kWhatTheUmaskLeaves);
    if (descriptor_ < 0) path_.clear();
}

PartialFile::~PartialFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
}

bool PartialFile::restart() {
    return ::ftruncate(descriptor_, 0) == 0 && ::lseek(descriptor_, 0, SEEK_SET) == 0;
}

bool PartialFile::append(std::span<std::byte const> bytes) {
    while (!bytes.empty()) {
        auto const written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

bool PartialFile::publish() {
    bool const is_closed = ::close(std::exchange(descriptor_, -1)) == 0;
    std::error_code error;
    if (is_closed) fs::rename(path_, target_, error);
    if (error) errno = error.value();
    if (!is_closed || error) return false;
    path_.clear();
    return true;
}

}  // namespace bluebatch::client
