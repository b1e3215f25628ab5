#include "shared/http/file_io.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace bluebatch::http {

namespace {

constexpr std::size_t kCopyPiece = 256 << 10;
constexpr std::uint64_t kCopyRangePiece = 1 << 30;

[[noreturn]] void throw_errno(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

bool cannot_copy_in_kernel(int error) {
    return error == EXDEV || error == EINVAL || error == EOPNOTSUPP || error == ENOSYS || error == EBADF;
}

// Copies what the kernel is ready to copy; the rest is left to the caller.
FileSlice copy_in_kernel(FileSlice rest, int target) {
    while (rest.length > 0) {
        auto offset = static_cast<::off64_t>(rest.offset);
        auto const size = static_cast<std::size_t>(std::min(rest.length, kCopyRangePiece));
        auto const count = ::copy_file_range(rest.file->descriptor(), &offset, target, nullptr, size, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && !cannot_copy_in_kernel(errno)) throw_errno("copy_file_range");
        if (count <= 0) return rest;
        rest.offset += static_cast<std::uint64_t>(count);
        rest.length -= static_cast<std::uint64_t>(count);
    }
    return rest;
}

}  // namespace

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_errno("write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void read_all(int descriptor, std::uint64_t offset, std::span<char> into) {
    while (!into.empty()) {
        auto const count = ::pread(descriptor, into.data(), into.size(), static_cast<::off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_errno("pread");
        if (count == 0)
            throw std::system_error(EIO, std::generic_category(), "the file is shorter than its slice");
        offset += static_cast<std::uint64_t>(count);
        into = into.subspan(static_cast<std::size_t>(count));
    }
}

void copy_all(FileSlice const& slice, int target) {
    auto rest = copy_in_kernel(slice, target);
    std::string piece;
    while (rest.length > 0) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(rest.length, kCopyPiece)));
        read_all(rest.file->descriptor(), rest.offset, piece);
        write_all(target, piece);
        rest.offset += piece.size();
        rest.length -= piece.size();
    }
}

}  // namespace bluebatch::http
