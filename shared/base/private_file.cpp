#include "shared/base/private_file.hpp"

#include "shared/base/file_io.hpp"
#include "shared/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace bluebatch::base {

namespace {

namespace fs = std::filesystem;

constexpr ::mode_t kForOwner = 0600;
constexpr ::mode_t kForOthers = 0077;
constexpr std::size_t kLargest = 64 << 10;
constexpr int kAlways = O_CLOEXEC | O_NOFOLLOW;

[[noreturn]] void fail(fs::path const& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

class PrivateFile {
public:
    PrivateFile(fs::path const& file, int flags)
        : number_(::open(file.c_str(), flags | kAlways, kForOwner)) {}
    ~PrivateFile() {
        if (number_ >= 0) ::close(number_);
    }
    PrivateFile(PrivateFile const&) = delete;
    PrivateFile& operator=(PrivateFile const&) = delete;
    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

private:
    int number_;
};

// Whether others could read it until now. Where that can't be changed it is said, and no reason to stop.
bool close_to_others(PrivateFile const& open, fs::path const& file) {
    struct stat state {};
    if (::fstat(open.number(), &state) != 0) fail(file);
    if ((state.st_mode & kForOthers) == 0) return false;
    if (::fchmod(open.number(), kForOwner) == 0) return true;
    log::warning(
        "{} can be read by others, and its mode can't be changed: {}", file.string(), std::strerror(errno)
    );
    return false;
}

}  // namespace

std::optional<std::string> read_private_file(fs::path const& file, std::string_view remedy) {
    PrivateFile const open(file, O_RDONLY);
    if (!open.is_open() && errno == ENOENT) return std::nullopt;
    if (!open.is_open()) fail(file);
    if (close_to_others(open, file))
        log::warning(
            "{} could be read by others, which has been mended; if somebody may have read it, {}",
            file.string(),
            remedy
        );
    std::string bytes(kLargest, '\0');
    auto const size = ::read(open.number(), bytes.data(), bytes.size());
    if (size < 0) fail(file);
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

void write_private_file(fs::path const& file, std::string_view bytes, Sync sync) {
    // One that was left behind may have another mode, or be held open by somebody.
    ::unlink(file.c_str());
    PrivateFile const made(file, O_WRONLY | O_CREAT | O_EXCL);
    if (!made.is_open()) fail(file);
    write_all(made.number(), bytes, file.c_str());
    if (sync == Sync::yes && ::fsync(made.number()) != 0) fail(file);
}

void replace_private_file(fs::path const& file, std::string_view bytes, Sync sync) {
    auto draft = file;
    draft += ".new";
    write_private_file(draft, bytes, sync);
    fs::rename(draft, file);
}

void make_private(fs::path const& file) {
    PrivateFile const open(file, O_RDONLY | O_CREAT);
    if (!open.is_open()) fail(file);
    close_to_others(open, file);
}

}  // namespace bluebatch::base
