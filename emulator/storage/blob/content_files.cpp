#include "emulator/storage/blob/content_files.hpp"

#include "shared/base/file_io.hpp"
#include "shared/base/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>

namespace bluebatch::emulator::storage::blob {
namespace {

// Of an id, those that name the file in its folder.
constexpr int kIdBits = 12;

[[noreturn]] void fail(std::filesystem::path const& path) {
    throw std::system_error(errno, std::generic_category(), path.string());
}

base::UniqueDescriptor create(std::filesystem::path const& path) {
    constexpr mode_t kMode = 0600;
    return base::UniqueDescriptor{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode)};
}

}  // namespace

ContentFiles::ContentFiles(std::filesystem::path folder, Disk& disk, std::shared_ptr<base::SpareFiles> spares)
    : folder_(std::move(folder)), disk_(disk), spares_(std::move(spares)) {
    std::filesystem::create_directories(folder_);
}

std::filesystem::path ContentFiles::path_of(std::int64_t content_id) const {
    return folder_ /
           fmt::format(
               "{:03x}/{:03x}/{:03x}", content_id >> 24, content_id >> 12 & 0xFFF, content_id & 0xFFF
           );
}

std::filesystem::path ContentFiles::prepare_path_of(std::int64_t content_id) const {
    auto path = path_of(content_id);
    auto const number = content_id >> kIdBits;
    std::scoped_lock const lock(folders_mutex_);
    if (folders_.contains(number)) return path;
    auto const folder = path.parent_path();
    std::filesystem::create_directories(folder);
    disk_.sync_folder(folder.parent_path());
    disk_.sync_folder(folder_);
    folders_.insert(number);
    return path;
}

void ContentFiles::adopt(std::filesystem::path const& file, std::int64_t content_id) const {
    auto const path = prepare_path_of(content_id);
    disk_.sync_file(file);
    if (::rename(file.c_str(), path.c_str()) != 0) fail(path);
    StagedFile staged(*this, content_id);
    disk_.sync_folder(path.parent_path());
    staged.keep();
    if (spares_) unread_.add(content_id);
}

void ContentFiles::write(std::string_view bytes, std::int64_t content_id) const {
    auto const path = prepare_path_of(content_id);
    auto const file = create(path);
    if (!file) fail(path);
    StagedFile staged(*this, content_id);
    base::write_all(file.get(), bytes, path.c_str());
    disk_.sync_file(path);
    disk_.sync_folder(path.parent_path());
    staged.keep();
}

std::filesystem::path ContentFiles::path_for_reader(std::int64_t content_id) const {
    unread_.remove(content_id);
    return path_of(content_id);
}

std::optional<base::UniqueDescriptor> ContentFiles::open(std::int64_t content_id) const {
    auto const path = path_for_reader(content_id);
    base::UniqueDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file) return file;
    if (errno != ENOENT) fail(path);
    return std::nullopt;
}

void ContentFiles::remove(std::int64_t content_id) const {
    auto const path = path_of(content_id);
    unread_.remove(content_id);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path);
}

void ContentFiles::retire(std::int64_t content_id) const {
    // A reader who opens the file before it is moved is noticed after that.
    bool const is_moved = unread_.contains(content_id) &&
                          spares_->keep(path_of(content_id), [&] { return unread_.remove(content_id); });
    if (!is_moved) remove(content_id);
}

void ContentFiles::sync_removals(std::vector<std::int64_t> const& content_ids) const {
    std::set<std::filesystem::path> folders;
    for (auto const id : content_ids)
        folders.insert(path_of(id).parent_path());
    for (auto const& folder : folders)
        disk_.sync_folder(folder);
}

StagedFile::~StagedFile() {
    if (files_ == nullptr) return;
    try {
        files_->remove(content_id_);
    } catch (std::exception const& error) {
        base::log::warning("a file of a refused upload stays behind: {}", error.what());
    }
}

}  // namespace bluebatch::emulator::storage::blob
