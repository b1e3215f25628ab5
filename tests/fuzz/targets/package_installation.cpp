// Start tasks that install packages.
#include "emulator/ffmpeg/package_installation.hpp"

#include "emulator/ffmpeg/command.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {

namespace ffmpeg = emulator::ffmpeg;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    auto const installation = ffmpeg::read_package_installation(input);
    bool const is_all = installation && installation->remaining_command_line.empty();
    check(ffmpeg::is_package_installation(input) == is_all, "both say the same", input);
    if (!installation || is_all) return 0;
    auto const& remaining = installation->remaining_command_line;
    auto const words = ffmpeg::split_command_line(remaining);
    check(words && words->size() == 3, "what remains is one script for a shell", remaining);
    check(!ffmpeg::read_package_installation(remaining), "nothing that installs remains", remaining);
    return 0;
}

}  // namespace bluebatch::fuzz
