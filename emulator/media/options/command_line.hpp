#pragma once

#include "emulator/media/libav.hpp"
#include "emulator/media/options/option_table.hpp"
#include "shared/base/result.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::media::options {

// One of ffmpeg's own options as told: {"c", "a", "libmp3lame"} for both -c:a and -acodec.
struct Setting {
    std::string name;
    std::string specifier;
    std::string value;
};

// What stands before one -i or one output name.
struct FileGroup {
    std::string url;
    std::vector<Setting> settings;
    Dictionary codec;
    Dictionary format;
    Dictionary scaler;
    Dictionary resampler;
};

struct CommandLine {
    std::vector<Setting> global;
    std::vector<FileGroup> inputs;
    std::vector<FileGroup> outputs;
    // What ffmpeg warns of while it reads the command line.
    std::vector<std::string> warnings;
};

// Which layers of libav* know an AVOption of this name, and where its value is a set of flags (+a-b adds up).
struct AvOption {
    bool codec = false;
    bool format = false;
    bool scaler = false;
    bool resampler = false;
    bool is_flags = false;
    bool known() const { return codec || format || scaler || resampler; }
};
using AvOptionFinder = std::function<AvOption(std::string_view name)>;

struct CommandLineError {
    // The option without its dash; `unsupported` when ffmpeg may well have it, but we do not.
    std::string option;
    std::string message;
    bool unsupported = false;
};
[[noreturn]] inline void
throw_exception_from_error(CommandLineError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked command line error: " + error.message);
}

// The arguments after the program's name, in ffmpeg's own syntax. Opens nothing.
base::Result<CommandLine, CommandLineError> parse_command_line(
    std::span<std::string const> arguments, AvOptionFinder const& find_av_option
);

// The value the last setting of this name gives; nullptr when there is none.
std::string const* find_setting(std::span<Setting const> settings, std::string_view name);
// Flags: the last one wins, -noNAME says no.
bool is_set(std::span<Setting const> settings, std::string_view name, bool otherwise = false);

}  // namespace bluebatch::emulator::media::options
