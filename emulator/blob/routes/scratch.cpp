#include "emulator/blob/routes/scratch.hpp"

#include "shared/base/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::blob::routes {
namespace {

[[noreturn]] void fail(char const* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

}  // namespace

http::FileSlice Scratch::append(std::string_view bytes) {
    if (!file_) open();
    base::write_all(file_->descriptor(), bytes, "writing to the spool folder");
    http::FileSlice slice{file_, size_, bytes.size()};
    size_ += bytes.size();
    return slice;
}

http::FileSlice Scratch::append_hole(std::uint64_t length) {
    if (!file_) open();
    http::FileSlice slice{file_, size_, length};
    size_ += length;
    auto const end = static_cast<off_t>(size_);
    if (::ftruncate(file_->descriptor(), end) != 0 || ::lseek(file_->descriptor(), end, SEEK_SET) < 0) {
        fail("writing to the spool folder");
    }
    return slice;
}

void Scratch::open() {
    constexpr mode_t kMode = 0600;
    int const number = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kMode);
    if (number < 0) fail("opening a file in the spool folder");
    file_ = std::make_shared<http::FileHandle const>(number);
}

}  // namespace bluebatch::emulator::blob::routes
