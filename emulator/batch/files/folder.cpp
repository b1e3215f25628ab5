#include "emulator/batch/files/folder.hpp"

#include "emulator/batch/files/beneath.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::batch::files {
namespace {

// O_NONBLOCK, so that a pipe that a task has made does not hold us up.
constexpr int kRead = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
constexpr int kReadFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr int kDeepest = 64;

base::TimePoint to_time(::statx_timestamp const& time) {
    return base::TimePoint{base::Ticks{
        static_cast<std::int64_t>(time.tv_sec) * 10'000'000 + static_cast<std::int64_t>(time.tv_nsec) / 100}};
}

// Only regular files and folders are files to us.
std::optional<FileInfo> info_of(int folder, char const* name, int flags) {
    struct ::statx status {};
    if (::statx(folder, name, flags, STATX_BASIC_STATS | STATX_BTIME, &status) != 0) return std::nullopt;
    if (!S_ISREG(status.stx_mode) && !S_ISDIR(status.stx_mode)) return std::nullopt;
    FileInfo info;
    info.is_directory = S_ISDIR(status.stx_mode);
    info.size = info.is_directory ? 0 : status.stx_size;
    info.last_modified = to_time(status.stx_mtime);
    if ((status.stx_mask & STATX_BTIME) != 0) info.creation_time = to_time(status.stx_btime);
    info.mode = status.stx_mode;
    return info;
}

struct Entry {
    std::string name;
    unsigned char type = DT_UNKNOWN;
};

// The entries of a folder in order of names.
std::vector<Entry> read_entries(int folder) {
    std::vector<Entry> entries;
    base::UniqueDescriptor own(::openat(folder, ".", kReadFolder));
    if (!own) return entries;
    auto* const stream = ::fdopendir(own.get());
    if (stream == nullptr) return entries;
    static_cast<void>(own.release());
    while (auto const* const entry = ::readdir(stream)) {
        std::string_view const name = entry->d_name;
        if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_type});
    }
    ::closedir(stream);
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

// Walks the tree and collects one page of it.
class Lister {
public:
    Lister(int root, Listing const& listing) : root_(root), listing_(listing) {}

    std::vector<FileInfo> run() {
        visit(root_, "", listing_.after, 0);
        return std::move(files_);
    }

private:
    // `after` is what remains of the name that the page begins behind, below this folder.
    void visit(int folder, std::string const& path, std::string_view after, int depth) {
        auto const slash = std::min(after.find('/'), after.size());
        auto const first = after.substr(0, slash);
        for (auto const& entry : read_entries(folder)) {
            if (is_full()) return;
            if (entry.name < first) continue;
            bool const is_where_it_ended = !after.empty() && entry.name == first;
            auto const rest = is_where_it_ended ? after.substr(std::min(slash + 1, after.size())) : "";
            auto const name = path.empty() ? entry.name : path + "/" + entry.name;
            if (!could_match(name)) continue;
            take(folder, entry, name, !is_where_it_ended);
            bool const goes_down = listing_.depth == Listing::Depth::all && depth < kDeepest;
            if (goes_down && is_folder(folder, entry)) descend(folder, entry, name, rest, depth);
        }
    }

    void take(int folder, Entry const& entry, std::string const& name, bool is_behind) {
        if (!is_behind || !name.starts_with(listing_.prefix)) return;
        auto info = is_link(folder, entry) ? info_of_link(name)
                                           : info_of(folder, entry.name.c_str(), AT_SYMLINK_NOFOLLOW);
        if (!info) return;
        info->name = name;
        files_.push_back(std::move(*info));
    }

    void descend(int folder, Entry const& entry, std::string const& name, std::string_view rest, int depth) {
        base::UniqueDescriptor const inner(::openat(folder, entry.name.c_str(), kReadFolder | O_NOFOLLOW));
        if (inner) visit(inner.get(), name, rest, depth + 1);
    }

    std::optional<FileInfo> info_of_link(std::string const& name) const {
        auto const target = open_beneath(root_, name, O_PATH | O_CLOEXEC);
        if (!target) return std::nullopt;
        return info_of(target.get(), "", AT_EMPTY_PATH);
    }

    // Some file systems do not tell types in folders.
    static unsigned type_of(int folder, Entry const& entry) {
        if (entry.type != DT_UNKNOWN) return entry.type;
        struct ::stat status {};
        if (::fstatat(folder, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
        if (S_ISDIR(status.st_mode)) return DT_DIR;
        return S_ISLNK(status.st_mode) ? DT_LNK : DT_REG;
    }
    static bool is_link(int folder, Entry const& entry) { return type_of(folder, entry) == DT_LNK; }
    static bool is_folder(int folder, Entry const& entry) { return type_of(folder, entry) == DT_DIR; }

    bool could_match(std::string const& name) const {
        std::string_view const prefix = listing_.prefix;
        if (name.starts_with(prefix)) return true;
        return prefix.starts_with(name) && prefix.size() > name.size() && prefix[name.size()] == '/';
    }

    bool is_full() const { return files_.size() >= listing_.limit; }

    int root_;
    Listing const& listing_;
    std::vector<FileInfo> files_;
};

// Removes what is in a folder, never through a link.
void remove_content(int folder, int depth) {
    for (auto const& entry : read_entries(folder)) {
        if (::unlinkat(folder, entry.name.c_str(), 0) == 0) continue;
        if (depth < kDeepest) {
            base::UniqueDescriptor const inner(::openat(folder, entry.name.c_str(), kReadFolder | O_NOFOLLOW)
            );
            if (inner) remove_content(inner.get(), depth + 1);
        }
        ::unlinkat(folder, entry.name.c_str(), AT_REMOVEDIR);
    }
}

// Of what was there a moment ago.
Removed failure_to_remove(std::string const& name) {
    if (errno == ENOENT) return Removed::not_found;
    throw std::system_error(errno, std::generic_category(), "removing " + name);
}

}  // namespace

std::optional<Folder> Folder::open(std::filesystem::path const& base, std::filesystem::path const& path) {
    base::UniqueDescriptor const start(::open(base.c_str(), kReadFolder));
    if (!start) return std::nullopt;
    auto folder = open_without_links(start.get(), path.lexically_relative(base).string(), kReadFolder);
    if (!folder) return std::nullopt;
    return Folder(std::make_shared<http::FileHandle>(folder.release()));
}

std::optional<OpenFile> Folder::find_exactly(std::string_view name) const {
    auto const clean = clean_path(name);
    if (!clean || clean->empty()) return std::nullopt;
    auto opened = open_beneath(root_->descriptor(), *clean, kRead);
    if (!opened) return std::nullopt;
    auto info = info_of(opened.get(), "", AT_EMPTY_PATH);
    if (!info) return std::nullopt;
    info->name = *clean;
    return OpenFile{std::move(*info), std::make_shared<http::FileHandle>(opened.release())};
}

std::optional<OpenFile> Folder::find(std::string_view name) const {
    if (auto found = find_exactly(name)) return found;
    if (name.find('\\') == std::string_view::npos) return std::nullopt;
    std::string slashed(name);
    std::ranges::replace(slashed, '\\', '/');
    return find_exactly(slashed);
}

std::vector<FileInfo> Folder::list(Listing const& listing) const {
    return Lister(root_->descriptor(), listing).run();
}

Removed Folder::remove(std::string_view name, Removal removal) const {
    auto const found = find(name);
    if (!found) return Removed::not_found;
    auto const& clean = found->info.name;
    auto const slash = clean.rfind('/');
    auto const parent_path = slash == std::string::npos ? std::string() : clean.substr(0, slash);
    auto const last = slash == std::string::npos ? clean : clean.substr(slash + 1);
    auto const parent = open_beneath(root_->descriptor(), parent_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!parent) return Removed::not_found;
    if (::unlinkat(parent.get(), last.c_str(), 0) == 0) return Removed::yes;
    if (!found->info.is_directory) return failure_to_remove(clean);
    if (removal == Removal::tree) {
        base::UniqueDescriptor const inner(::openat(parent.get(), last.c_str(), kReadFolder | O_NOFOLLOW));
        if (inner) remove_content(inner.get(), 0);
    }
    if (::unlinkat(parent.get(), last.c_str(), AT_REMOVEDIR) == 0) return Removed::yes;
    return errno == ENOTEMPTY || errno == EEXIST ? Removed::not_empty : failure_to_remove(clean);
}

}  // namespace bluebatch::emulator::batch::files
