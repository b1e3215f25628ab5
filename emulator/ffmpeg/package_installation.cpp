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

// Cuts a script at its separators, mindful of quotes.
class ScriptCutter {
public:
    explicit ScriptCutter(std::string_view script) : script_(script) {}

    // nullopt for scripts with more structure than a list of commands.
    std::optional<std::vector<Segment>> cut() {
        for (; at_ < script_.size(); ++at_)
            if (!step(script_[at_])) return std::nullopt;
        if (quote_ != '\0') return std::nullopt;
        end_word();
        segments_.back().end = script_.size();
        return std::move(segments_);
    }

private:
    char next() const { return at_ + 1 < script_.size() ? script_[at_ + 1] : '\0'; }

    bool step(char c) {
        constexpr std::string_view kStructure = "`(){}";
        if (quote_ != '\0') {
            if (c == quote_)
                quote_ = '\0';
            else
                word_ += c;
        } else if (kStructure.find(c) != std::string_view::npos) {
            return false;
        } else if (c == '\'' || c == '"') {
            add("");
            quote_ = c;
        } else if (c == '\\') {
            add("");
            if (next() != '\0') word_ += script_[++at_];
        } else if (c == ' ' || c == '\t' || c == '\r') {
            end_word();
        } else if (c == '>' || c == '<') {
            read_redirection(c);
        } else if (c == '&' && next() == '>') {
            end_word();
            add("&");
        } else if (c == '&' || c == ';' || c == '|' || c == '\n') {
            end_segment(c);
        } else {
            add(std::string_view(&c, 1));
        }
        return true;
    }

    void add(std::string_view text) {
        if (!in_word_) word_begin_ = at_;
        in_word_ = true;
        word_ += text;
    }

    void end_word() {
        if (in_word_ && in_redirection_)
            segments_.back().redirections +=
                " " + std::string(script_.substr(word_begin_, at_ - word_begin_));
        else if (in_word_)
            segments_.back().words.push_back(word_);
        in_redirection_ = in_redirection_ && !in_word_;
        word_.clear();
        in_word_ = false;
    }

    // "2>&1", "&> log", ">>log": the number before it, and the name after it, are part of it.
    void read_redirection(char c) {
        bool const has_number = in_word_ && word_.find_first_not_of("0123456789&") == std::string::npos;
        if (!has_number) end_word();
        add(std::string_view(&c, 1));
        in_redirection_ = true;
        while (next() == '>' || next() == '<' || next() == '&')
            ++at_;
        while (next() == ' ')
            ++at_;
    }

    void end_segment(char separator) {
        end_word();
        segments_.back().end = at_;
        if ((separator == '&' || separator == '|') && next() == separator) ++at_;
        segments_.emplace_back();
        segments_.back().begin = at_ + 1;
    }

    std::string_view const script_;
    std::size_t at_ = 0;
    std::vector<Segment> segments_{1};
    std::string word_;
    std::size_t word_begin_ = 0;
    bool in_word_ = false;
    bool in_redirection_ = false;
    char quote_ = '\0';
};

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

// As it is where it is one word without quotes.
std::string quote_if_needed(std::string const& word) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:@%,";
    bool const is_plain = !word.empty() && word.find_first_not_of(kPlain) == std::string::npos;
    return is_plain ? word : quote_for_batch(word);
}

// The script with its package managers replaced; nullopt when it has none or cannot be understood.
std::optional<PackageInstallation> read_script(std::string const& script) {
    auto const segments = ScriptCutter(script).cut();
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
        result->remaining_command_line = quote_if_needed(command[0]) + " " + quote_if_needed(command[1]) +
                                         " " + quote_for_batch(result->remaining_command_line);
    return result;
}

bool is_package_installation(std::string_view command_line) {
    auto const installation = read_package_installation(command_line);
    return installation && installation->remaining_command_line.empty();
}

}  // namespace bluebatch::emulator::ffmpeg
