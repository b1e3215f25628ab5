#include "emulator/ffmpeg/shell_words.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::ffmpeg {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kGlobs = "*?[";

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
    return is_name_start(c) || (c >= '0' && c <= '9');
}

// What shells set by themselves: the environment does not tell their value.
bool is_shells_own(std::string_view name) {
    constexpr auto kNames = std::to_array<std::string_view>({
        "IFS",      "PS1",        "PS2",      "PS3",       "PS4",          "OPTIND",
        "OPTARG",   "OPTERR",     "PPID",     "UID",       "EUID",         "GROUPS",
        "RANDOM",   "SRANDOM",    "SECONDS",  "LINENO",    "HOSTNAME",     "HOSTTYPE",
        "MACHTYPE", "OSTYPE",     "SHLVL",    "PWD",       "OLDPWD",       "_",
        "DIRSTACK", "PIPESTATUS", "FUNCNAME", "SHELLOPTS", "EPOCHSECONDS", "EPOCHREALTIME",
        "COLUMNS",  "LINES",      "HISTCMD",  "SHELL",     "TERM",         "PATH",
    });
    return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("BASH");
}

// Reads one simple command of a POSIX shell, character by character.
class SimpleCommand {
public:
    SimpleCommand(std::string_view script, Environment const& environment)
        : rest_(base::trim(script)), environment_(environment) {}

    std::optional<std::vector<std::string>> read() {
        while (!rest_.empty())
            if (!step()) return std::nullopt;
        end_word();
        return std::move(words_);
    }

private:
    char take() {
        char const c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    void add(std::string_view text) {
        word_ += text;
        in_word_ = true;
    }

    void end_word() {
        if (in_word_) words_.push_back(std::move(word_));
        word_.clear();
        in_word_ = false;
    }

    // False where a real shell is needed.
    bool step() {
        char const c = take();
        switch (c) {
            case ' ':
            case '\t':
                end_word();
                return true;
            case '\'':
                return read_single_quotes();
            case '"':
                return read_double_quotes();
            case '\\':
                return read_backslash();
            case '$':
                return read_variable(Quoted::no);
            case '~':
            case '#':
                // Special only where a word begins.
                if (!in_word_) return false;
                add(std::string_view(&c, 1));
                return true;
            default:
                break;
        }
        constexpr std::string_view kSpecial = "|&;<>()`*?[{}!\n\r";
        if (kSpecial.find(c) != std::string_view::npos) return false;
        add(std::string_view(&c, 1));
        return true;
    }

    bool read_single_quotes() {
        std::size_t const end = rest_.find('\'');
        if (end == std::string_view::npos) return false;
        add(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        return true;
    }

    bool read_backslash() {
        if (rest_.empty()) return false;
        char const next = take();
        if (next != '\n') add(std::string_view(&next, 1));
        return true;
    }

    bool read_double_quotes() {
        add("");
        while (!rest_.empty()) {
            char const c = take();
            if (c == '"') return true;
            if (c == '`') return false;
            if (c == '$') {
                if (!read_variable(Quoted::yes)) return false;
            } else if (c == '\\' && !rest_.empty() && std::string_view("$`\"\\\n").find(rest_.front()) != std::string_view::npos) {
                char const next = take();
                if (next != '\n') add(std::string_view(&next, 1));
            } else {
                add(std::string_view(&c, 1));
            }
        }
        return false;
    }

    enum class Quoted { yes, no };

    // After the dollar sign.
    bool read_variable(Quoted quoted) {
        bool const braces = rest_.starts_with('{');
        std::string_view from = rest_.substr(braces ? 1 : 0);
        std::size_t length = 0;
        if (!from.empty() && is_name_start(from.front()))
            while (length < from.size() && is_name_part(from[length]))
                ++length;
        if (length == 0) {
            // $(...), $1, $?, $'...' and the like; a lone dollar sign is itself.
            constexpr std::string_view kNoName = "({[@*#?-$!'\"0123456789";
            bool const special = !rest_.empty() && kNoName.find(rest_.front()) != std::string_view::npos;
            bool const ends_quotes = quoted == Quoted::yes && rest_.starts_with('"');
            if (special && !ends_quotes) return false;
            add("$");
            return true;
        }
        std::string const name(from.substr(0, length));
        from.remove_prefix(length);
        if (braces && !from.starts_with('}')) return false;
        if (is_shells_own(name)) return false;
        rest_ = from.substr(braces ? 1 : 0);
        auto const found = environment_.find(name);
        std::string_view const value = found == environment_.end() ? std::string_view{} : found->second;
        if (quoted == Quoted::yes) {
            add(value);
            return true;
        }
        return add_split(value);
    }

    // Unquoted values are split at blanks, and would be matched against file names.
    bool add_split(std::string_view value) {
        if (value.find_first_of(kGlobs) != std::string_view::npos ||
            value.find('\\') != std::string_view::npos)
            return false;
        for (char const c : value) {
            if (is_blank(c) || c == '\n')
                end_word();
            else
                add(std::string_view(&c, 1));
        }
        return true;
    }

    std::string_view rest_;
    Environment const& environment_;
    std::vector<std::string> words_;
    std::string word_;
    bool in_word_ = false;
};

// %NAME% becomes its value; a name that is not set stays as it is.
std::string expand_percent(std::string_view line, Environment const& environment) {
    std::string expanded;
    while (!line.empty()) {
        std::size_t const end = line.front() == '%' ? line.find('%', 1) : std::string_view::npos;
        if (end == std::string_view::npos) {
            expanded += line.front();
            line.remove_prefix(1);
            continue;
        }
        std::string_view const name = line.substr(1, end - 1);
        auto const found = std::ranges::find_if(environment, [name](auto const& entry) {
            return base::equal_ignoring_case(entry.first, name);
        });
        if (found == environment.end()) {
            expanded += line.substr(0, end);
            line.remove_prefix(end);
            continue;
        }
        expanded += found->second;
        line.remove_prefix(end + 1);
    }
    return expanded;
}

}  // namespace

std::optional<std::vector<std::string>> expand_simple_command(
    std::string_view script, Environment const& environment
) {
    return SimpleCommand(script, environment).read();
}

std::optional<std::vector<std::string>> expand_cmd_line(
    std::string_view line, Environment const& environment
) {
    std::string const expanded = expand_percent(base::trim(line), environment);
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    bool quoted = false;
    for (std::size_t i = 0; i < expanded.size(); ++i) {
        char const c = expanded[i];
        if (c == '\\' && i + 1 < expanded.size() && expanded[i + 1] == '"') {
            word += '"';
            in_word = true;
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
            in_word = true;
        } else if (!quoted && kBlanks.find(c) != std::string_view::npos) {
            if (in_word) words.push_back(std::move(word));
            word.clear();
            in_word = false;
        } else if (!quoted && std::string_view("&|<>^()\n\r").find(c) != std::string_view::npos) {
            return std::nullopt;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quoted) return std::nullopt;
    if (in_word) words.push_back(std::move(word));
    return words;
}

}  // namespace bluebatch::emulator::ffmpeg
