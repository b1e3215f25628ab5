#include "shared/base/file_io.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace bluebatch::base {
namespace {

[[noreturn]] void fail(char const* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

}  // namespace

void write_all(int descriptor, std::string_view bytes, char const* doing) {
    while (!bytes.empty()) {
        auto const count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(doing);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void write_all_at(int descriptor, std::uint64_t offset, std::string_view bytes, char const* doing) {
    while (!bytes.empty()) {
        auto const count = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(doing);
        offset += static_cast<std::uint64_t>(count);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void cut_off(int descriptor, std::uint64_t size, char const* doing) {
    while (::ftruncate(descriptor, static_cast<::off_t>(size)) != 0) {
        if (errno != EINTR) fail(doing);
    }
}

void read_all(int descriptor, std::uint64_t offset, std::span<char> into, char const* doing) {
    while (!into.empty()) {
        auto const count = ::pread(descriptor, into.data(), into.size(), static_cast<::off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(doing);
        if (count == 0) {
            throw std::system_error(
                EIO, std::generic_category(), std::string{doing} + ": the file is shorter than it should be"
            );
        }
        offset += static_cast<std::uint64_t>(count);
        into = into.subspan(static_cast<std::size_t>(count));
    }
}

}  // namespace bluebatch::base
