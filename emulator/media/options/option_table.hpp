#pragma once

#include <cstdint>
#include <string_view>

namespace bluebatch::emulator::media::options {

enum class Scope : std::uint8_t { global, input, output, file };
// A flag also has the form -noNAME.
enum class Argument : std::uint8_t { value, flag };

struct OptionRow {
    std::string_view name;
    // What the option means: its main name and the streams it speaks of when it says nothing itself.
    std::string_view canonical;
    std::string_view specifier;
    Argument argument;
    Scope scope;
};

// The row of "b:a" is that of "b"; nullptr when the ffmpeg command line has no option of this name that we
// have.
OptionRow const* find_option(std::string_view name);
// Options of the ffmpeg command that we do not have: they must not be taken for an AVOption of the same name.
bool is_refused(std::string_view name);

std::string_view name_of(std::string_view option);
// What follows the first colon; empty when nothing does.
std::string_view specifier_of(std::string_view option);

}  // namespace bluebatch::emulator::media::options
