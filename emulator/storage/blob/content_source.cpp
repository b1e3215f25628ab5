#include "emulator/storage/blob/content_source.hpp"

#include "shared/base/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace bluebatch::emulator::storage::blob {
namespace {

[[noreturn]] void throw_last_error(std::filesystem::path const& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

base::UniqueDescriptor open_unnamed(std::filesystem::path const& folder) {
    constexpr mode_t kMode = 0600;
    base::UniqueDescriptor file{::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kMode)};
    if (!file) throw_last_error(folder);
    return file;
}

}  // namespace

int ContentSource::descriptor() const {
    if (!file_) {
        file_ = base::UniqueDescriptor{::open(path_.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!file_) throw_last_error(path_);
    }
    return file_.get();
}

void ContentSource::rest() const {
    if (!path_.empty()) file_.close();
}

std::string ContentSource::read(std::uint64_t offset, std::uint64_t length) const {
    std::string bytes(length, '\0');
    base::read_all(descriptor(), offset, bytes, path_.empty() ? "reading a blob" : path_.c_str());
    return bytes;
}

std::uint64_t ScratchFile::append(std::string_view bytes) {
    if (!source_) source_ = std::make_shared<ContentSource const>(open_unnamed(folder_));
    auto const begin = size_;
    base::write_all(source_->descriptor(), bytes, folder_.c_str());
    size_ += bytes.size();
    return begin;
}

}  // namespace bluebatch::emulator::storage::blob
