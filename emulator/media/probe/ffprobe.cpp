#include "emulator/media/probe/ffprobe.hpp"

namespace bluebatch::emulator::media {

int run_ffprobe(Session&, std::span<std::string const>) {
    return 1;
}
std::optional<std::string> find_unsupported_by_ffprobe(std::span<std::string const>) {
    return "show_format";
}

}  // namespace bluebatch::emulator::media
