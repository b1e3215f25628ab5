#include "client/cli/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace bluebatch::cli {
namespace {

using Commands = std::vector<CommandHelp>;

// The first words, in the order of the help, with the second words of those that have any.
struct Word {
    std::string name;
    std::string summary;
    std::vector<std::pair<std::string, std::string>> verbs;
};

std::vector<Word> first_words(Commands const& commands) {
    std::vector<Word> words;
    for (auto const& command : commands) {
        if (words.empty() || words.back().name != command.group) {
            words.push_back(
                {command.group, command.verb.empty() ? command.summary : command.group_summary, {}}
            );
        }
        if (!command.verb.empty()) words.back().verbs.emplace_back(command.verb, command.summary);
    }
    words.push_back({"help", "Tell what a command does", {}});
    return words;
}

std::string in_single_quotes(std::string_view text) {
    std::string quoted = "'";
    for (char const c : text) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

std::string names_of(CommandHelp const& command) {
    std::vector<std::string> names;
    for (auto const& parameter : command.parameters) {
        if (!parameter.is_argument) names.insert(names.end(), parameter.names.begin(), parameter.names.end());
    }
    return fmt::format("{}", fmt::join(names, " "));
}

bool takes_files(CommandHelp const& command) {
    return std::any_of(
        command.parameters.begin(),
        command.parameters.end(),
        [](ParameterHelp const& parameter) { return parameter.is_argument && parameter.names_files; }
    );
}

constexpr std::string_view kBashBegin = R"(# Completion of bluebatch for bash.
_bluebatch_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }
_bluebatch_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$1"); }
_bluebatch() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
    local command="${COMP_WORDS[1]}" verbs="" options="" files=""
    COMPREPLY=()
)";

constexpr std::string_view kBashEnd = R"(    if [[ $current == -* ]]; then
        _bluebatch_words "$options" "$current"
    elif [[ -n $files ]]; then
        _bluebatch_files "$current"
    fi
}
complete -F _bluebatch bluebatch
)";

std::string bash_values(Commands const& commands) {
    std::string text = "    case \"$command $previous\" in\n";
    for (auto const& command : commands) {
        for (auto const& parameter : command.parameters) {
            bool const is_plain = parameter.choices.empty() && !parameter.names_files;
            if (parameter.is_argument || parameter.value.empty()) continue;
            std::vector<std::string> patterns;
            for (auto const& name : parameter.names)
                patterns.push_back(fmt::format("\"{} {}\"", name_of(command), name));
            auto const action = is_plain                ? std::string("return")
                                : parameter.names_files ? std::string("_bluebatch_files \"$current\"; return")
                                                        : fmt::format(
                                                              "_bluebatch_words \"{}\" \"$current\"; return",
                                                              fmt::join(parameter.choices, " ")
                                                          );
            text += fmt::format("        {}) {} ;;\n", fmt::join(patterns, "|"), action);
        }
    }
    return text + "    esac\n";
}

std::string bash_script(Commands const& commands) {
    std::string text(kBashBegin);
    std::vector<std::string> names;
    std::string verbs = "    case \"$command\" in\n";
    for (auto const& word : first_words(commands)) {
        names.push_back(word.name);
        if (word.verbs.empty()) continue;
        std::vector<std::string> known;
        for (auto const& [verb, summary] : word.verbs)
            known.push_back(verb);
        verbs += fmt::format("        {}) verbs=\"{}\" ;;\n", word.name, fmt::join(known, " "));
    }
    text += fmt::format(
        "    if (( COMP_CWORD == 1 )); then _bluebatch_words \"{}\" \"$current\"; return; fi\n",
        fmt::join(names, " ")
    );
    text += verbs + "    esac\n";
    text +=
        "    if [[ -n $verbs ]]; then\n"
        "        if (( COMP_CWORD == 2 )); then _bluebatch_words \"$verbs\" \"$current\"; return; fi\n"
        "        command=\"$command ${COMP_WORDS[2]}\"\n"
        "    fi\n";
    text += bash_values(commands);
    text += "    case \"$command\" in\n";
    for (auto const& command : commands) {
        text += fmt::format(
            "        \"{}\") options=\"{}\"{} ;;\n",
            name_of(command),
            names_of(command),
            takes_files(command) ? " files=yes" : ""
        );
    }
    return text + "    esac\n" + std::string(kBashEnd);
}

// Within a specification of _arguments, brackets and colons have a meaning.
std::string zsh_text(std::string_view text) {
    std::string escaped;
    for (char const c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string zsh_value(ParameterHelp const& parameter) {
    if (parameter.value.empty() && !parameter.is_argument) return {};
    auto const what = zsh_text(parameter.is_argument ? parameter.names.front() : parameter.value);
    if (!parameter.choices.empty()) return fmt::format(":{}:({})", what, fmt::join(parameter.choices, " "));
    return fmt::format(":{}:{}", what, parameter.names_files ? "_files" : "");
}

// Every command has those that say where the services are; the script holds them once.
std::string zsh_arguments(CommandHelp const& command, bool of_connection) {
    std::string text;
    for (auto const& parameter : command.parameters) {
        if ((parameter.group == kConnectionGroup) != of_connection) continue;
        if (parameter.is_argument) {
            auto const many = parameter.takes_many ? "*" : "";
            text += " " + in_single_quotes(many + zsh_value(parameter));
            continue;
        }
        for (auto const& name : parameter.names) {
            auto const more = fmt::format("{}[{}]{}", name, zsh_text(parameter.help), zsh_value(parameter));
            text += " " + in_single_quotes((parameter.takes_many ? "*" : "") + more);
        }
    }
    return text;
}

std::string zsh_choice(std::vector<std::pair<std::string, std::string>> const& entries) {
    std::string text = "choices=(";
    for (auto const& [name, summary] : entries)
        text += in_single_quotes(fmt::format("{}:{}", name, zsh_text(summary))) + " ";
    text.back() = ')';
    return text + "; _describe command choices; return";
}

std::string zsh_script(Commands const& commands) {
    std::string text =
        "#compdef bluebatch\n# Completion of bluebatch for zsh.\n_bluebatch() {\n    local -a choices "
        "where\n";
    text += fmt::format("    where=({})\n", zsh_arguments(commands.back(), true));
    std::vector<std::pair<std::string, std::string>> names;
    std::string verbs = "    if (( CURRENT == 3 )); then case \"$words[2]\" in\n";
    for (auto const& word : first_words(commands)) {
        names.emplace_back(word.name, word.summary);
        if (!word.verbs.empty())
            verbs += fmt::format("        {}) {} ;;\n", word.name, zsh_choice(word.verbs));
    }
    text += fmt::format("    if (( CURRENT == 2 )); then {}; fi\n", zsh_choice(names));
    text += verbs + "    esac; fi\n    case \"$words[2] $words[3]\" in\n";
    for (auto const& command : commands) {
        bool const has_verb = !command.verb.empty();
        text += fmt::format(
            "        {}) words=(\"${{(@)words[{},-1]}}\"); (( CURRENT -= {} )); _arguments $where{} ;;\n",
            has_verb ? fmt::format("\"{}\"", name_of(command)) : fmt::format("\"{} \"*", command.group),
            has_verb ? 3 : 2,
            has_verb ? 2 : 1,
            zsh_arguments(command, false)
        );
    }
    return text +
           "    esac\n}\nif [ \"$funcstack[1]\" = _bluebatch ]; then _bluebatch \"$@\"; else compdef "
           "_bluebatch bluebatch; fi\n";
}

constexpr std::string_view kFishBegin = R"(# Completion of bluebatch for fish.
function __bluebatch_words
    set -l words (commandline -opc)
    test (count $words) -eq $argv[1]; or return 1
    test $argv[1] -eq 1; or test "$words[2]" = "$argv[2]"
end
function __bluebatch_at
    set -l words (commandline -opc)
    test (count $words) -gt (count $argv); or return 1
    set -l last (math 1 + (count $argv))
    test "$words[2..$last]" = "$argv"
end
complete -c bluebatch -f
)";

// Fish knows \' within single quotes, and no '\''.
std::string fish_text(std::string_view text) {
    std::string quoted = "'";
    for (char const c : text) {
        if (c == '\'' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "'";
}

std::string fish_option(std::string text, ParameterHelp const& parameter) {
    if (parameter.is_argument) return parameter.names_files ? text + " -F\n" : std::string{};
    for (auto const& name : parameter.names) {
        bool const is_long = name.starts_with("--");
        text += fmt::format(" {} {}", is_long ? "-l" : "-s", name.substr(is_long ? 2 : 1));
    }
    if (!parameter.choices.empty()) {
        text += fmt::format(" -x -a '{}'", fmt::join(parameter.choices, " "));
    } else if (!parameter.value.empty()) {
        text += parameter.names_files ? " -r -F" : " -x";
    }
    return fmt::format("{} -d {}\n", text, fish_text(parameter.help));
}

std::string fish_script(Commands const& commands) {
    std::string text(kFishBegin);
    for (auto const& word : first_words(commands)) {
        text += fmt::format(
            "complete -c bluebatch -n '__bluebatch_words 1' -a {} -d {}\n", word.name, fish_text(word.summary)
        );
        for (auto const& [verb, summary] : word.verbs) {
            text += fmt::format(
                "complete -c bluebatch -n '__bluebatch_words 2 {}' -a {} -d {}\n",
                word.name,
                verb,
                fish_text(summary)
            );
        }
    }
    auto const everywhere = std::string("complete -c bluebatch -n 'not __bluebatch_words 1'");
    for (auto const& parameter : commands.back().parameters) {
        if (parameter.group == kConnectionGroup) text += fish_option(everywhere, parameter);
    }
    for (auto const& command : commands) {
        auto const here = fmt::format("complete -c bluebatch -n '__bluebatch_at {}'", name_of(command));
        for (auto const& parameter : command.parameters) {
            if (parameter.group != kConnectionGroup) text += fish_option(here, parameter);
        }
    }
    return text;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell, Commands const& commands) {
    if (shell == "bash") return bash_script(commands);
    if (shell == "zsh") return zsh_script(commands);
    if (shell == "fish") return fish_script(commands);
    return std::nullopt;
}

}  // namespace bluebatch::cli
