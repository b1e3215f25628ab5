#include "emulator/ffmpeg/installation.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>
#include <vector>

namespace bluebatch::emulator::ffmpeg {
namespace {

namespace fs = std::filesystem;

constexpr char kVariable[] = "BLUEBATCH_LIBEXEC_DIR";

base::Result<fs::path> find_part(
    std::string const& what, std::vector<fs::path> const& from_program, char const* name
) {
    std::vector<fs::path> candidates;
    if (char const* const told = std::getenv(kVariable); told != nullptr && *told != '\0') {
        candidates.push_back(fs::path(told) / name);
        candidates.push_back(fs::path(told) / ".." / "lib" / name);
    } else {
        std::error_code error;
        fs::path const program = fs::read_symlink("/proc/self/exe", error);
        if (error) return base::Failure{"cannot read /proc/self/exe: " + error.message()};
        for (fs::path const& folder : from_program)
            candidates.push_back(program.parent_path() / folder / name);
    }
    std::string looked;
    for (fs::path const& candidate : candidates) {
        std::error_code error;
        if (fs::exists(candidate, error))
            // In so many words, because a path also turns into the text of a Failure.
            return base::Result<fs::path>(boost::system::in_place_value, candidate.lexically_normal());
        looked += fmt::format("{}{}", looked.empty() ? "" : ", ", candidate.lexically_normal().string());
    }
    return base::Failure{
        fmt::format("{} not found at {}; set {} to the folder that holds it", what, looked, kVariable)};
}

}  // namespace

base::Result<fs::path> find_media_library() {
    return find_part(
        "the media library",
        // Of programs in bin, libexec, tests, and in bin and libexec/bluebatch of an installation.
        {"../lib",
         "../lib/bluebatch",
         "../../lib/bluebatch",
         "../lib/x86_64-linux-gnu/bluebatch",
         "../../lib/x86_64-linux-gnu/bluebatch",
         "../lib/aarch64-linux-gnu/bluebatch",
         "../../lib/aarch64-linux-gnu/bluebatch",
         "../lib64/bluebatch",
         "../../lib64/bluebatch"},
        "libbluebatch-media.so"
    );
}

base::Result<fs::path> find_ffmpeg_program() {
    return find_part("bluebatch-ffmpeg", {"../libexec", "../libexec/bluebatch", "."}, "bluebatch-ffmpeg");
}

base::Result<fs::path> find_node_bin() {
    return find_part("the node's programs", {"../libexec", "../libexec/bluebatch", "."}, "node-bin");
}

}  // namespace bluebatch::emulator::ffmpeg
