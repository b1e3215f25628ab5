#pragma once

#include "shared/base/time.hpp"
#include "shared/http/message.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::batch::files {

struct FileInfo {
    std::string name;  // below the folder, with '/'
    bool is_directory = false;
    std::uint64_t size = 0;
    base::TimePoint last_modified;
    std::optional<base::TimePoint> creation_time;  // where the file system keeps it
    unsigned mode = 0;
};

struct OpenFile {
    FileInfo info;
    std::shared_ptr<http::FileHandle const> handle;
};

struct Listing {
    enum class Depth : std::uint8_t { one_level, all };
    Depth depth = Depth::one_level;
    std::string prefix;     // of names
    std::string after;      // the last name of the page before
    std::size_t limit = 0;  // at most so many
};

enum class Removal : std::uint8_t { file_or_empty_folder, tree };
enum class Removed : std::uint8_t { yes, not_found, not_empty };

// The files below a folder. Whatever the path says and wherever links point, nothing outside it is reached;
// tasks write there as they like, so each step is checked by the kernel while it is taken.
class Folder {
public:
    // A folder below `base`, without a link on the way: tasks may have put one in the place of each step.
    // Nothing when there is no such folder.
    static std::optional<Folder> open(std::filesystem::path const& base, std::filesystem::path const& path);

    // A regular file or a folder; '\' is taken for '/' where there is no file of that name. Batch: FILE-10
    std::optional<OpenFile> find(std::string_view name) const;
    // In order of names, folder by folder. Links to folders are shown and not followed.
    std::vector<FileInfo> list(Listing const& listing) const;
    Removed remove(std::string_view name, Removal removal) const;

private:
    explicit Folder(std::shared_ptr<http::FileHandle const> root) : root_(std::move(root)) {}
    std::optional<OpenFile> find_exactly(std::string_view name) const;

    std::shared_ptr<http::FileHandle const> root_;
};

}  // namespace bluebatch::emulator::batch::files
