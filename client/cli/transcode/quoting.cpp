#include "client/cli/transcode/quoting.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::cli::transcode {
namespace {

constexpr std::size_t kLongestBlobName = 1024;

bool is_plain(char letter) {
    auto const byte = static_cast<unsigned char>(letter);
    bool const alphanumeric = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                              (letter >= 'a' && letter <= 'z');
    constexpr unsigned char kFirstBeyondAscii = 0x80;
    return alphanumeric || byte >= kFirstBeyondAscii ||
           std::string_view("._-+,@=").find(letter) != std::string_view::npos;
}

bool is_control(char letter) {
    auto const byte = static_cast<unsigned char>(letter);
    constexpr unsigned char kDelete = 0x7f;
    return byte < ' ' || byte == kDelete;
}

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

bool names_a_shell(std::string_view command) {
    constexpr std::array<std::string_view, 7> kShells{
        "/bin/sh ", "/bin/bash ", "/usr/bin/bash ", "sh -c ", "bash -c ", "cmd ", "cmd.exe "};
    return std::any_of(kShells.begin(), kShells.end(), [command](std::string_view shell) {
        return command.starts_with(shell);
    });
}

}  // namespace

bool is_plain_name(std::string_view name) {
    return !name.empty() && name.front() != '-' && name.front() != '.' && base::is_valid_utf8(name) &&
           std::all_of(name.begin(), name.end(), is_plain);
}

bool is_blob_name(std::string_view name) {
    return !name.empty() && name.size() <= kLongestBlobName && !name.ends_with('.') &&
           base::is_valid_utf8(name) && name.find('\\') == std::string_view::npos &&
           std::none_of(name.begin(), name.end(), is_control);
}

std::string wrap_in_bash(std::string_view command) {
    command = base::trim(command);
    if (names_a_shell(command)) return std::string(command);
    if (command.find_first_of("\"\\") == std::string_view::npos) {
        return fmt::format("/bin/bash -c \"{}\"", command);
    }
    if (command.find('\'') == std::string_view::npos) return fmt::format("/bin/bash -c '{}'", command);
    auto escaped = replace_all(std::string(command), "\\", "\\\\");
    escaped = replace_all(std::move(escaped), "\"", "\\\"");
    return fmt::format("/bin/bash -c \"{}\"", escaped);
}

std::string fill_in(std::string_view command, std::string_view input, std::string_view output) {
    return replace_all(replace_all(std::string(command), "{input}", input), "{output}", output);
}

}  // namespace bluebatch::cli::transcode
