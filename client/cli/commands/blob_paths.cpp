#include "client/cli/commands/blob_paths.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>
#include <utility>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

Failure cannot_read(fs::path const& path, std::error_code const& error) {
    return {ExitStatus::usage, fmt::format("Can't read {}: {}.", path.string(), error.message())};
}

base::TimePoint to_time_point(fs::file_time_type time) {
    auto const system = std::chrono::file_clock::to_sys(time);
    return std::chrono::time_point_cast<base::Ticks>(system);
}

Outcome<LocalFile> read_file(fs::path const& path, std::string name) {
    std::error_code error;
    auto const size = fs::file_size(path, error);
    if (error) return cannot_read(path, error);
    auto const time = fs::last_write_time(path, error);
    if (error) return cannot_read(path, error);
    return LocalFile{path, std::move(name), size, to_time_point(time)};
}

// Nothing for a folder, whose files are looked at.
std::string_view why_skipped(fs::directory_entry const& entry) {
    std::error_code ignored;
    bool const is_folder = entry.is_directory(ignored);
    if (!entry.is_symlink(ignored)) return is_folder ? "" : "not a file";
    if (is_folder) return "a link to a folder";
    return entry.exists(ignored) ? "not a file" : "a link to nothing";
}

struct ContentType {
    std::string_view extension;
    std::string_view type;
};

constexpr std::array kContentTypes{
    ContentType{".css", "text/css"},          ContentType{".csv", "text/csv"},
    ContentType{".flac", "audio/flac"},       ContentType{".gif", "image/gif"},
    ContentType{".gz", "application/gzip"},   ContentType{".htm", "text/html"},
    ContentType{".html", "text/html"},        ContentType{".jpeg", "image/jpeg"},
    ContentType{".jpg", "image/jpeg"},        ContentType{".js", "text/javascript"},
    ContentType{".json", "application/json"}, ContentType{".log", "text/plain"},
    ContentType{".md", "text/markdown"},      ContentType{".mkv", "video/x-matroska"},
    ContentType{".mov", "video/quicktime"},   ContentType{".mp3", "audio/mpeg"},
    ContentType{".mp4", "video/mp4"},         ContentType{".ogg", "audio/ogg"},
    ContentType{".pdf", "application/pdf"},   ContentType{".png", "image/png"},
    ContentType{".svg", "image/svg+xml"},     ContentType{".tar", "application/x-tar"},
    ContentType{".txt", "text/plain"},        ContentType{".wasm", "application/wasm"},
    ContentType{".wav", "audio/wav"},         ContentType{".webm", "video/webm"},
    ContentType{".webp", "image/webp"},       ContentType{".xml", "application/xml"},
    ContentType{".zip", "application/zip"},
};

}  // namespace

BlobAddress parse_address(std::string_view text) {
    auto const slash = text.find('/');
    if (slash == std::string_view::npos) return {std::string(text), {}};
    return {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

std::string to_string(BlobAddress const& address) {
    return address.path.empty() ? address.container : address.container + "/" + address.path;
}

std::string folder_of(BlobAddress const& address) {
    if (address.path.empty() || address.path.ends_with('/')) return address.path;
    return address.path + "/";
}

Outcome<LocalFiles> find_local_files(fs::path const& root) {
    std::error_code error;
    LocalFiles found;
    auto& files = found.files;
    if (!fs::is_directory(root, error)) {
        auto file = read_file(root, root.filename().string());
        if (!file) return file.error();
        files.push_back(*std::move(file));
        return found;
    }
    auto entries = fs::recursive_directory_iterator(root, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
        auto name = entries->path().lexically_relative(root).generic_string();
        std::error_code unreadable;
        if (!entries->is_regular_file(unreadable)) {
            auto const why = why_skipped(*entries);
            if (!why.empty()) found.skipped.push_back(fmt::format("{} ({})", name, why));
            continue;
        }
        auto file = read_file(entries->path(), std::move(name));
        if (!file) return file.error();
        files.push_back(*std::move(file));
    }
    if (error) return cannot_read(root, error);
    std::sort(files.begin(), files.end(), [](LocalFile const& left, LocalFile const& right) {
        return left.name < right.name;
    });
    std::sort(found.skipped.begin(), found.skipped.end());
    return found;
}

std::optional<fs::path> path_below(fs::path const& folder, std::string_view name) {
    auto path = folder;
    for (auto const part : base::split(name, '/')) {
        bool const is_file_name =
            !part.empty() && part != "." && part != ".." && part.find('\0') == std::string_view::npos;
        if (!is_file_name) return std::nullopt;
        path /= part;
    }
    return path;
}

std::string_view content_type_of(std::string_view name) {
    auto const dot = name.rfind('.');
    auto const extension = dot == std::string_view::npos ? std::string{} : base::to_lower(name.substr(dot));
    for (auto const& known : kContentTypes) {
        if (known.extension == extension) return known.type;
    }
    return "application/octet-stream";
}

}  // namespace bluebatch::cli
