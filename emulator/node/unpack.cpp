#include "emulator/node/unpack.hpp"

#include "shared/base/file_io.hpp"
#include "shared/base/text.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <climits>
#include <clocale>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace bluebatch::emulator::node {

namespace {

using Steps = std::vector<std::string>;

constexpr std::size_t kBlock = 64 << 10;
constexpr std::size_t kDeepestFolder = 64;  // folders within each other
constexpr ::mode_t kUnpackedFolderMode = 0755;
constexpr ::mode_t kOwnerMode = 0600;
constexpr ::mode_t kPermissions = 0777;

struct CloseArchive {
    void operator()(archive* open) const { archive_read_free(open); }
};

// The library reads names in the thread's own encoding; those of archives are UTF-8.
class Utf8Thread {
public:
    Utf8Thread()
        : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)),
          before_(utf8_ == nullptr ? nullptr : ::uselocale(utf8_)) {}
    ~Utf8Thread() {
        if (utf8_ == nullptr) return;
        ::uselocale(before_);
        ::freelocale(utf8_);
    }
    Utf8Thread(Utf8Thread const&) = delete;
    Utf8Thread& operator=(Utf8Thread const&) = delete;

private:
    ::locale_t utf8_;
    ::locale_t before_;
};

UnpackError bad(std::string message) {
    return {UnpackFault::bad_archive, std::move(message)};
}

UnpackError local_failure(int error, std::string_view name) {
    bool const full = error == ENOSPC || error == EDQUOT;
    return {
        full ? UnpackFault::disk_full : UnpackFault::local_file,
        fmt::format("{}: {}", name, std::generic_category().message(error))};
}

// The parts of a name within an archive; nothing when it leads out or too deep.
std::optional<Steps> steps_of(std::string_view name) {
    if (name.starts_with('/')) return std::nullopt;
    Steps steps;
    for (auto const step : base::split(name, '/')) {
        if (step == "..") return std::nullopt;
        if (!step.empty() && step != ".") steps.emplace_back(step);
    }
    if (steps.size() > kDeepestFolder) return std::nullopt;
    return steps;
}

// Whether a link that lies `depth` folders deep stays inside. A step up is safe at the beginning only: behind
// the name of another link it would mean that link's folder.
bool stays_inside(std::string_view target, std::size_t depth) {
    if (target.empty() || target.starts_with('/')) return false;
    bool begins = true;
    for (auto const step : base::split(target, '/')) {
        if (step == ".." && (!begins || depth == 0)) return false;
        if (step == "..") --depth;
        begins = begins && (step == ".." || step == "." || step.empty());
    }
    return true;
}

// An archive that begins with its end; the library takes it for a broken one.
bool is_empty(int archive) {
    std::array<char, 4> begin{};
    auto const size = ::pread(archive, begin.data(), begin.size(), 0);
    return size == static_cast<::ssize_t>(begin.size()) &&
           std::string_view(begin.data(), begin.size()) == "PK\x05\x06";
}

class Unpacking {
public:
    Unpacking(std::filesystem::path const& folder, UnpackLimits const& limits, std::stop_token const& stop)
        : root_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
          entries_left_(limits.entries),
          bytes_left_(limits.bytes),
          stop_(stop) {}

    UnpackResult run(int descriptor) {
        if (!root_) return local_failure(errno, "the folder");
        archive_read_support_format_zip_seekable(archive_.get());
        if (archive_read_open_fd(archive_.get(), descriptor, kBlock) != ARCHIVE_OK) return bad_archive();
        archive_entry* entry = nullptr;
        for (;;) {
            if (stop_.stop_requested()) return cancelled();
            int const status = archive_read_next_header(archive_.get(), &entry);
            if (status == ARCHIVE_EOF) return make_links();
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return bad_archive();
            if (auto const taken = take(entry); !taken) return taken.error();
        }
    }

private:
    struct Link {
        Steps steps;
        std::string target;
    };

    static UnpackError cancelled() { return {UnpackFault::cancelled, "cancelled"}; }

    UnpackError bad_archive() const {
        char const* const text = archive_error_string(archive_.get());
        return bad(text == nullptr ? "The archive cannot be read" : text);
    }

    UnpackResult count_entry() {
        if (entries_left_ == 0)
            return UnpackError{UnpackFault::too_large, "The archive holds too many files"};
        --entries_left_;
        return {};
    }

    UnpackResult take(archive_entry* entry) {
        char const* const name = archive_entry_pathname(entry);
        if (name == nullptr) return bad("A name in the archive cannot be read");
        auto steps = steps_of(name);
        if (!steps) return bad(fmt::format("The name '{}' leads out of the archive", name));
        if (steps->empty()) return {};  // the folder itself
        switch (archive_entry_filetype(entry)) {
            case AE_IFDIR: {
                auto const made = enter(*steps);
                return made ? UnpackResult{} : made.error();
            }
            case AE_IFREG:
                return write_file(*steps, archive_entry_perm(entry));
            case AE_IFLNK:
                return take_link(std::move(*steps), archive_entry_symlink(entry));
            default:
                return bad(fmt::format("'{}' is neither a file nor a folder nor a link", name));
        }
    }

    // The folder of that path, made where it is missing. Links are not followed.
    base::Result<base::UniqueDescriptor, UnpackError> enter(std::span<std::string const> steps) {
        base::UniqueDescriptor folder(::openat(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        for (std::string const& step : steps) {
            if (::mkdirat(folder.get(), step.c_str(), kUnpackedFolderMode) == 0) {
                if (auto const counted = count_entry(); !counted) return counted.error();
            } else if (errno != EEXIST) {
                return local_failure(errno, step);
            }
            constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
            base::UniqueDescriptor next(::openat(folder.get(), step.c_str(), kFlags));
            if (!next) return bad(fmt::format("'{}' is both a file and a folder", step));
            folder = std::move(next);
        }
        return folder;
    }

    UnpackResult write_file(Steps const& steps, ::mode_t permissions) {
        auto const folder = enter(std::span(steps).first(steps.size() - 1));
        if (!folder) return folder.error();
        if (auto const counted = count_entry(); !counted) return counted.error();
        std::string const& name = steps.back();
        // The last one of a name counts, as with other programs.
        ::unlinkat(folder->get(), name.c_str(), 0);
        constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
        base::UniqueDescriptor const file(
            ::openat(folder->get(), name.c_str(), kFlags, kOwnerMode | (permissions & kPermissions))
        );
        if (!file && errno == EEXIST) return bad(fmt::format("'{}' is both a file and a folder", name));
        if (!file) return local_failure(errno, name);
        return write_content(file.get(), name);
    }

    UnpackResult write_content(int file, std::string const& name) {
        for (std::uint64_t written = 0;;) {
            if (stop_.stop_requested()) return cancelled();
            void const* data = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            int const status = archive_read_data_block(archive_.get(), &data, &size, &offset);
            if (status == ARCHIVE_EOF) return {};
            if (status != ARCHIVE_OK) return bad_archive();
            if (static_cast<std::uint64_t>(offset) != written)
                return bad(fmt::format("'{}' has holes", name));
            if (size > bytes_left_) return UnpackError{UnpackFault::too_large, "The archive is too large"};
            bytes_left_ -= size;
            written += size;
            try {
                base::write_all(file, {static_cast<char const*>(data), size});
            } catch (std::system_error const& error) {
                return local_failure(error.code().value(), name);
            }
        }
    }

    UnpackResult take_link(Steps steps, char const* target) {
        if (auto const counted = count_entry(); !counted) return counted.error();
        if (target == nullptr || !stays_inside(target, steps.size() - 1))
            return bad(fmt::format("The link '{}' leads out of the archive", steps.back()));
        auto const size = std::strlen(target);
        if (size >= PATH_MAX || size > bytes_left_)
            return bad(fmt::format("The target of the link '{}' is too long", steps.back()));
        bytes_left_ -= size;
        links_.push_back({std::move(steps), target});
        return {};
    }

    // Once all files are there, so that none is written through a link.
    UnpackResult make_links() {
        for (Link const& link : links_) {
            auto const folder = enter(std::span(link.steps).first(link.steps.size() - 1));
            if (!folder) return folder.error();
            std::string const& name = link.steps.back();
            if (::symlinkat(link.target.c_str(), folder->get(), name.c_str()) == 0) continue;
            if (errno == EEXIST) return bad(fmt::format("'{}' is there twice", name));
            return local_failure(errno, name);
        }
        return {};
    }

    std::unique_ptr<archive, CloseArchive> archive_{archive_read_new()};
    base::UniqueDescriptor root_;
    std::size_t entries_left_;
    std::uint64_t bytes_left_;
    std::stop_token const& stop_;
    std::vector<Link> links_;
};

}  // namespace

void throw_exception_from_error(UnpackError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + error.message);
}

UnpackResult unpack(
    int archive, std::filesystem::path const& folder, UnpackLimits const& limits, std::stop_token const& stop
) {
    if (is_empty(archive)) return {};
    Utf8Thread const utf8;
    return Unpacking(folder, limits, stop).run(archive);
}

}  // namespace bluebatch::emulator::node
