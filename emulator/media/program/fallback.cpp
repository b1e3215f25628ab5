#include "emulator/media/program/fallback.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace bluebatch::emulator::media::program {

namespace fs = std::filesystem;

void run_real_program(char const* name, char** arguments) {
    char const* const allowed = std::getenv("BLUEBATCH_FFMPEG_FALLBACK");
    if (allowed != nullptr && std::string_view(allowed) == "0") return;
    char const* const path = std::getenv("PATH");
    std::string_view folders = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
    while (!folders.empty()) {
        std::size_t const end = folders.find(':');
        std::string_view const folder = folders.substr(0, end);
        folders.remove_prefix(end == std::string_view::npos ? folders.size() : end + 1);
        if (folder.empty()) continue;
        fs::path const candidate = fs::path(folder) / name;
        std::error_code error;
        bool const is_this = fs::equivalent(candidate, "/proc/self/exe", error);
        if (error || is_this || ::access(candidate.c_str(), X_OK) != 0) continue;
        ::execv(candidate.c_str(), arguments);
    }
}

}  // namespace bluebatch::emulator::media::program
