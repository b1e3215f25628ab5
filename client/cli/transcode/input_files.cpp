#include "client/cli/transcode/plan.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

namespace bluebatch::cli::transcode {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 36> kMediaExtensions{
    ".3gp",  ".aac", ".ac3", ".aif", ".aiff", ".amr", ".asf", ".avi", ".dv",   ".flac", ".flv", ".gif",
    ".m2ts", ".m4a", ".m4v", ".mka", ".mkv",  ".mov", ".mp2", ".mp3", ".mp4",  ".mpeg", ".mpg", ".mts",
    ".mxf",  ".oga", ".ogg", ".ogv", ".opus", ".ts",  ".vob", ".wav", ".webm", ".wma",  ".wmv", ".y4m",
};

bool is_media(fs::path const& path) {
    auto const extension = base::to_lower(path.extension().string());
    return std::find(kMediaExtensions.begin(), kMediaExtensions.end(), extension) != kMediaExtensions.end();
}

bool is_wanted(fs::path const& path, std::string const& pattern) {
    if (pattern.empty()) return is_media(path);
    return ::fnmatch(pattern.c_str(), path.filename().c_str(), 0) == 0;
}

base::Failure cannot_read(fs::path const& path, std::error_code const& error) {
    return base::Failure{fmt::format("Can't read {}: {}.", path.string(), error.message())};
}

base::Failure nothing_found(fs::path const& input, std::string const& pattern) {
    if (!pattern.empty()) {
        return base::Failure{fmt::format("No file in {} matches {}.", input.string(), pattern)};
    }
    return base::Failure{
        fmt::format("No media files in {}. --pattern '*' takes every file.", input.string())};
}

}  // namespace

base::Result<InputFiles> find_input_files(fs::path const& input, std::string const& pattern) {
    std::error_code error;
    InputFiles found;
    if (fs::is_regular_file(input, error)) {
        auto const size = fs::file_size(input, error);
        if (error) return cannot_read(input, error);
        found.files.push_back({input, size});
        return found;
    }
    fs::directory_iterator entries(input, error);
    if (error) return cannot_read(input, error);
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
        if (error) return cannot_read(input, error);
        auto const& path = entries->path();
        std::error_code unreadable;
        if (!entries->is_regular_file(unreadable) || path.filename().string().starts_with('.')) continue;
        if (!is_wanted(path, pattern)) {
            found.skipped.push_back(path.filename().string());
            continue;
        }
        auto const size = entries->file_size(unreadable);
        if (unreadable) return cannot_read(path, unreadable);
        found.files.push_back({path, size});
    }
    if (error) return cannot_read(input, error);
    if (found.files.empty()) return nothing_found(input, pattern);
    std::sort(found.files.begin(), found.files.end(), [](InputFile const& left, InputFile const& right) {
        return left.path.native() < right.path.native();
    });
    std::sort(found.skipped.begin(), found.skipped.end());
    return found;
}

}  // namespace bluebatch::cli::transcode
