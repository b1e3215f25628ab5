#include "emulator/ffmpeg/command.hpp"

#include "emulator/ffmpeg/shell_words.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::ffmpeg {
namespace {

bool is_white_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The image's own ffmpeg. Any other path is a program that the user brought, and runs as such.
bool is_ffmpeg(std::string_view program) {
    constexpr auto kNames =
        std::to_array<std::string_view>({"ffmpeg", "/usr/bin/ffmpeg", "/bin/ffmpeg", "/usr/local/bin/ffmpeg"}
        );
    return std::ranges::find(kNames, program) != kNames.end();
}

bool is_shell(std::string_view program) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"sh",
         "bash",
         "dash",
         "/bin/sh",
         "/bin/bash",
         "/bin/dash",
         "/usr/bin/sh",
         "/usr/bin/bash",
         "/usr/bin/dash"}
    );
    return std::ranges::find(kNames, program) != kNames.end();
}

// A program of Windows cannot run here, so wherever it lies, it is ours.
bool is_windows_ffmpeg(std::string_view program) {
    std::string_view const name = program.substr(program.find_last_of("/\\") + 1);
    return base::equal_ignoring_case(name, "ffmpeg") || base::equal_ignoring_case(name, "ffmpeg.exe");
}

std::optional<Invocation> without_program(std::vector<std::string> words) {
    words.erase(words.begin());
    return Invocation{std::move(words)};
}

// What follows `cmd /c` on the line as it was written; empty when it is no such line.
std::string_view cmd_rest(std::string_view line) {
    auto const next_word = [&line] {
        line = base::trim(line);
        std::size_t const end = std::min(line.find_first_of(" \t"), line.size());
        std::string_view const word = line.substr(0, end);
        line.remove_prefix(end);
        return word;
    };
    std::string_view const program = next_word();
    if (!base::equal_ignoring_case(program, "cmd") && !base::equal_ignoring_case(program, "cmd.exe"))
        return {};
    while (!line.empty()) {
        std::string_view const option = next_word();
        if (base::equal_ignoring_case(option, "/c")) return base::trim(line);
        if (!option.starts_with('/')) return {};
    }
    return {};
}

std::optional<Invocation> recognise_cmd(std::string_view rest, Environment const& environment) {
    // cmd takes off quotes around the whole.
    bool const wrapped = rest.size() > 1 && rest.front() == '"' && rest.back() == '"' &&
                         std::ranges::count(rest, '"') % 2 == 0 &&
                         !is_windows_ffmpeg(rest.substr(1, rest.find('"', 1) - 1));
    if (wrapped) rest = rest.substr(1, rest.size() - 2);
    auto words = expand_cmd_line(rest, environment);
    if (!words || words->empty() || !is_windows_ffmpeg(words->front())) return std::nullopt;
    // Names of files come with the separators of Windows.
    for (std::size_t i = 1; i < words->size(); ++i)
        if ((*words)[i - 1] == "-i" || i + 1 == words->size()) std::ranges::replace((*words)[i], '\\', '/');
    return without_program(std::move(*words));
}

}  // namespace

std::optional<Invocation> recognise(
    std::string_view command_line, std::map<std::string, std::string> const& environment
) {
    if (std::string_view const rest = cmd_rest(command_line); !rest.empty())
        return recognise_cmd(rest, environment);
    auto words = split_command_line(command_line);
    if (!words || words->empty()) return std::nullopt;
    if (is_ffmpeg(words->front())) return without_program(std::move(*words));
    if (!is_shell(words->front()) || words->size() != 3 || (*words)[1] != "-c") return std::nullopt;
    auto inner = expand_simple_command((*words)[2], environment);
    if (!inner || inner->empty() || !is_ffmpeg(inner->front())) return std::nullopt;
    return without_program(std::move(*inner));
}

std::optional<std::vector<std::string>> split_command_line(std::string_view command_line) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = '\0';
    for (std::size_t i = 0; i < command_line.size(); ++i) {
        char const c = command_line[i];
        char const next = i + 1 < command_line.size() ? command_line[i + 1] : '\0';
        bool const protects = c == '\\' && quote != '\'' &&
                              (next == '"' || (quote == '"' ? next == '\\' : next == '\'' || next == ' '));
        if (protects) {
            word += next;
            in_word = true;
            ++i;
        } else if (quote != '\0') {
            if (c == quote)
                quote = '\0';
            else
                word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            in_word = true;
        } else if (is_white_space(c)) {
            if (in_word) words.push_back(std::move(word));
            word.clear();
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote != '\0') return std::nullopt;
    if (in_word) words.push_back(std::move(word));
    return words;
}

}  // namespace bluebatch::emulator::ffmpeg
