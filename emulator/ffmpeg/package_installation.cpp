#include "emulator/ffmpeg/package_installation.hpp"

#include "emulator/ffmpeg/command.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::ffmpeg {
namespace {

constexpr auto kManagers = std::to_array<std::string_view>(
    {"apt-get", "apt", "aptitude", "yum", "dnf", "tdnf", "microdnf", "apk", "zypper", "snap", "pacman"}
);
// These do nothing but change the machine.
constexpr auto kHelpers =
    std::to_array<std::string_view>({"add-apt-repository", "apt-add-repository", "apt-key"});
constexpr auto kVerbs = std::to_array<std::string_view>({
    "install",         "reinstall",    "update",       "upgrade",   "full-upgrade", "dist-upgrade",
    "dselect-upgrade", "build-dep",    "remove",       "purge",     "autoremove",   "autoclean",
    "clean",           "localinstall", "groupinstall", "makecache", "add",          "del",
    "refresh",         "in",           "up",           "dup",       "ref",          "ar",
    "addrepo",         "-S",           "-Sy",          "-Syu",      "-Syy",         "check-update",
    "config-manager",
});
constexpr auto kInstallVerbs =
    std::to_array<std::string_view>({"install", "reinstall", "add", "in", "localinstall", "-S", "-Sy", "-Syu"}
    );

template <std::size_t N>
bool is_one_of(std::array<std::string_view, N> const& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

std::string_view base_name(std::string_view program) {
    return program.substr(program.find_last_of('/') + 1);
}

bool is_assignment(std::string_view word) {
    std::size_t const equals = word.find('=');
    return equals != std::string_view::npos && equals > 0 && word.find_first_of("/ -") > equals;
}

// One command between && and the like: where it stands in the script, its words, and its redirections as
// written.
struct Segment {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<std::string> words;
    std::string redirections;
};

// Cuts a script at its separators, mindful of quotes. nullopt for scripts with more structure than a list.
std::optional<std::vector<Segment>> cut(std::string_view script) {
    std::vector<Segment> segments(1);
    std::string word;
    bool in_word = false;
    char quote = '\0';
    std::size_t word_begin = 0;
    bool in_redirection = false;
    auto const end_word = [&](std::size_t at) {
        if (in_word) {
            if (in_redirection)
                segments.back().redirections += " " + std::string(script.substr(word_begin, at - word_begin));
            else
                segments.back().words.push_back(word);
            in_redirection = false;
        }
        word.clear();
        in_word = false;
    };
    auto const begin_word = [&](std::size_t at) {
        if (!in_word) word_begin = at;
        in_word = true;
    };
    for (std::size_t i = 0; i < script.size(); ++i) {
        char const c = script[i];
        if (quote != '\0') {
            if (c == quote)
                quote = '\0';
            else
                word += c;
            continue;
        }
        switch (c) {
            case '\'':
            case '"':
                begin_word(i);
                quote = c;
                break;
            case '\\':
                begin_word(i);
                if (i + 1 < script.size()) word += script[++i];
                break;
            case '`':
            case '(':
            case ')':
            case '{':
            case '}':
                return std::nullopt;
            case '>':
            case '<': {
                // "2>" belongs to the redirection, and so does the & of ">&1" and "&>".
                bool const has_number = in_word && word.find_first_not_of("0123456789&") == std::string::npos;
                if (!has_number) end_word(i);
                if (!in_word) word_begin = i;
                in_word = true;
                in_redirection = true;
                while (i + 1 < script.size() &&
                       std::string_view("><&").find(script[i + 1]) != std::string_view::npos)
                    ++i;
                while (i + 1 < script.size() && script[i + 1] == ' ')
                    ++i;
                word += c;
                break;
            }
            case '&':
                if (i + 1 < script.size() && script[i + 1] == '>') {
                    end_word(i);
                    begin_word(i);
                    word += c;
                    break;
                }
                [[fallthrough]];
            case ';':
            case '|':
            case '\n': {
                end_word(i);
                segments.back().end = i;
                if ((c == '&' || c == '|') && i + 1 < script.size() && script[i + 1] == c) ++i;
                segments.emplace_back();
                segments.back().begin = i + 1;
                break;
            }
            case ' ':
            case '\t':
            case '\r':
                end_word(i);
                break;
            default:
                begin_word(i);
                word += c;
        }
    }
    if (quote != '\0') return std::nullopt;
    end_word(script.size());
    segments.back().end = script.size();
    return segments;
}

// The words of the command itself, past assignments, sudo and its like.
std::vector<std::string> command_of(std::vector<std::string> words) {
    constexpr auto kWrappers =
        std::to_array<std::string_view>({"sudo", "env", "command", "nohup", "time", "exec", "ionice", "nice"}
        );
    auto first = words.begin();
    bool wrapped = false;
    while (first != words.end()) {
        bool const is_wrapper = is_one_of(kWrappers, base_name(*first));
        bool const is_option = wrapped && first->starts_with('-');
        if (!is_wrapper && !is_option && !is_assignment(*first)) break;
        wrapped = wrapped || is_wrapper;
        ++first;
    }
    words.erase(words.begin(), first);
    return words;
}

void add_packages(std::vector<std::string> const& command, std::vector<std::string>& packages) {
    bool installs = false;
    for (std::string const& word : command) {
        if (installs && !word.starts_with('-')) packages.push_back(word);
        installs = installs || is_one_of(kInstallVerbs, word);
    }
}

bool calls_package_manager(std::vector<std::string> const& command) {
    if (command.empty() || !is_package_manager(command.front())) return false;
    return changes_machine(command.front(), {command.begin() + 1, command.end()});
}

bool does_nothing(std::vector<std::string> const& command) {
    constexpr auto kNothing = std::to_array<std::string_view>({"true", ":", "set", "export", "yes", "wait"});
    if (command.empty()) return true;
    if (command.front() == "exit") return command.size() == 1 || command[1] == "0";
    // `yes |` only answers the package manager.
    return is_one_of(kNothing, command.front());
}

std::string quote_for_batch(std::string const& script) {
    std::string quoted = "'";
    for (char const c : script) {
        if (c == '\'')
            quoted += "'\"'\"'";
        else
            quoted += c;
    }
    return quoted + "'";
}

// The script with its package managers replaced; nullopt when it has none or cannot be understood.
std::optional<PackageInstallation> read_script(std::string const& script) {
    auto const segments = cut(script);
    if (!segments) return std::nullopt;
    PackageInstallation result;
    bool found = false;
    bool other = false;
    std::size_t copied = 0;
    for (Segment const& segment : *segments) {
        auto const command = command_of(segment.words);
        if (!calls_package_manager(command)) {
            other = other || !does_nothing(command);
            continue;
        }
        found = true;
        add_packages(command, result.packages);
        result.remaining_command_line += script.substr(copied, segment.begin - copied);
        result.remaining_command_line += (segment.begin == 0 ? "true" : " true") + segment.redirections + " ";
        copied = segment.end;
    }
    if (!found) return std::nullopt;
    result.remaining_command_line += script.substr(copied);
    result.remaining_command_line = base::trim(result.remaining_command_line);
    if (!other) result.remaining_command_line.clear();
    return result;
}

}  // namespace

bool is_package_manager(std::string_view program) {
    return is_one_of(kManagers, base_name(program)) || is_one_of(kHelpers, base_name(program));
}

bool changes_machine(std::string_view program, std::vector<std::string> const& arguments) {
    if (is_one_of(kHelpers, base_name(program))) return true;
    return std::ranges::any_of(arguments, [](std::string const& word) { return is_one_of(kVerbs, word); });
}

std::optional<PackageInstallation> read_package_installation(std::string_view command_line) {
    auto const words = split_command_line(command_line);
    if (!words || words->empty()) return std::nullopt;
    auto const command = command_of(*words);
    if (calls_package_manager(command)) {
        // Without a shell, && is an argument like any other, and the package manager would have refused it.
        PackageInstallation result;
        add_packages(command, result.packages);
        return result;
    }
    constexpr auto kShells = std::to_array<std::string_view>({"sh", "bash", "dash"});
    bool const in_shell = command.size() == 3 && is_one_of(kShells, base_name(command[0])) &&
                          command[1].starts_with('-') && command[1].ends_with('c');
    if (!in_shell) return std::nullopt;
    auto result = read_script(command[2]);
    if (result && !result->remaining_command_line.empty())
        result->remaining_command_line =
            command[0] + " " + command[1] + " " + quote_for_batch(result->remaining_command_line);
    return result;
}

bool is_package_installation(std::string_view command_line) {
    auto const installation = read_package_installation(command_line);
    return installation && installation->remaining_command_line.empty();
}

}  // namespace bluebatch::emulator::ffmpeg
