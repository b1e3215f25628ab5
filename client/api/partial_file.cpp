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
constexpr int kMostLinks = 40;

// Where a link leads, also when there is nothing yet.
fs::path without_links(fs::path path) {
    std::error_code error;
    for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(path, error)); ++i) {
        auto const next = fs::read_symlink(path, error);
        if (error) break;
        path = path.parent_path() / next;
    }
    return path;
}

}  // namespace

PartialFile::PartialFile(fs::path target) : target_(without_links(std::move(target))) {
    std::error_code unknown;
    auto const there = fs::status(target_, unknown);
    if (fs::is_directory(there)) {
        errno = EISDIR;
        return;
    }
    if (fs::exists(there) && !fs::is_regular_file(there)) {
        descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
        return;
    }
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

bool PartialFile::write(std::uint64_t offset, std::span<std::byte const> bytes) {
    if (!is_seekable() && offset != written_) {
        errno = ESPIPE;  // what went into a pipe can't be taken back
        return false;
    }
    while (!bytes.empty()) {
        auto const count = is_seekable()
                               ? ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset))
                               : ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
        if (!is_seekable()) written_ = offset;
    }
    return true;
}

bool PartialFile::append(std::span<std::byte const> bytes) {
    auto const end = written_ + bytes.size();
    if (!write(written_, bytes)) return false;
    written_ = end;
    return true;
}

std::optional<std::size_t> PartialFile::read(std::uint64_t offset, std::span<std::byte> into) const {
    for (;;) {
        auto const count = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return std::nullopt;
    }
}

bool PartialFile::truncate(std::uint64_t size) {
    return !is_seekable() || ::ftruncate(descriptor_, static_cast<off_t>(size)) == 0;
}

bool PartialFile::publish() {
    // A name must not lead to content that a loss of power takes away.
    if (is_seekable() && ::fsync(descriptor_) != 0) return false;
    bool const is_closed = ::close(std::exchange(descriptor_, -1)) == 0;
    if (path_.empty()) return is_closed;
    std::error_code error;
    if (is_closed) fs::rename(path_, target_, error);
    if (error) errno = error.value();
    if (!is_closed || error) return false;
    path_.clear();
    return true;
}

}  // namespace bluebatch::client
