#include "shared/http/file_io.hpp"

#include "shared/base/file_io.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace bluebatch::http {

namespace {

constexpr std::size_t kReadPiece = 64 << 10;
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

void copy_all(FileSlice const& slice, int target) {
    auto rest = copy_in_kernel(slice, target);
    std::string piece;
    while (rest.length > 0) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(rest.length, kCopyPiece)));
        base::read_all(rest.file->descriptor(), rest.offset, piece);
        base::write_all(target, piece);
        rest.offset += piece.size();
        rest.length -= piece.size();
    }
}

void read_in_pieces(FileSlice const& slice, std::function<void(std::span<char const>)> const& take) {
    std::array<char, kReadPiece> buffer{};
    for (std::uint64_t done = 0; done < slice.length;) {
        auto const piece = std::span{buffer}.first(std::min<std::uint64_t>(kReadPiece, slice.length - done));
        base::read_all(slice.file->descriptor(), slice.offset + done, piece);
        take(piece);
        done += piece.size();
    }
    slice.file->rest();
}

}  // namespace bluebatch::http
