#pragma once

#include "client/cli/advice.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

// "CONTAINER/PATH": a blob, or a folder of blobs, or with an empty path the whole container.
struct BlobAddress {
    std::string container;
    std::string path;
};

BlobAddress parse_address(std::string_view text);
std::string to_string(BlobAddress const& address);
// The path as what the names of blobs below it begin with: "" or with a slash at its end.
std::string folder_of(BlobAddress const& address);

// A file of this machine and its name relative to the folder that was asked for, with slashes.
struct LocalFile {
    std::filesystem::path path;
    std::string name;
    std::uint64_t size = 0;
    base::TimePoint modified;
};

struct LocalFiles {
    std::vector<LocalFile> files;
    std::vector<std::string> skipped;  // names, with why: links to folders are not followed
};

// The files below a folder in order of their names, or the one file.
Outcome<LocalFiles> find_local_files(std::filesystem::path const& root);

// Where a blob of that name lies below a folder. Nothing for a name that would lead out of it, or that no
// file can have.
std::optional<std::filesystem::path> path_below(std::filesystem::path const& folder, std::string_view name);

// What a browser is told a file is.
std::string_view content_type_of(std::string_view name);

}  // namespace bluebatch::cli
