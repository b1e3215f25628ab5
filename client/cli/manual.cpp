#include "client/cli/manual.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::cli {
namespace {

using Commands = std::vector<CommandHelp>;

// Text in which roff sees no commands, and man no typographic hyphens.
std::string roff(std::string_view text) {
    std::string escaped;
    for (char const c : text) {
        if (c == '\\') {
            escaped += "\\e";
        } else if (c == '-') {
            escaped += "\\-";
        } else {
            escaped += c;
        }
    }
    if (escaped.starts_with('.') || escaped.starts_with('\'')) escaped.insert(0, "\\&");
    return escaped;
}

std::string heading(std::string_view name, std::string_view summary) {
    return fmt::format(
        ".TH \"{}\" \"1\" \"\" \"bluebatch {}\" \"bluebatch\"\n.SH NAME\n{} \\- {}\n",
        base::to_upper(name),
        BLUEBATCH_VERSION,
        roff(name),
        roff(summary)
    );
}

std::string synopsis(CommandHelp const& command) {
    auto text = fmt::format(".B bluebatch {}\n", name_of(command));
    for (auto const& parameter : command.parameters) {
        if (!parameter.is_argument) continue;
        auto const dots = parameter.takes_many ? "..." : "";
        auto const name = roff(parameter.names.front()) + dots;
        text += parameter.is_required ? fmt::format(".I {}\n", name) : fmt::format("[\\fI{}\\fR]\n", name);
    }
    return text + "[\\fIOPTIONS\\fR]\n";
}

std::string term(ParameterHelp const& parameter) {
    std::vector<std::string> names;
    for (auto const& name : parameter.names)
        names.push_back(fmt::format("\\fB{}\\fR", roff(name)));
    auto text = fmt::format(".TP\n{}", fmt::join(names, ", "));
    if (!parameter.value.empty()) text += fmt::format(" \\fI{}\\fR", roff(parameter.value));
    return fmt::format("{}\n{}\n", text, roff(parameter.help));
}

std::string terms(CommandHelp const& command, bool of_connection) {
    std::string text;
    for (auto const& parameter : command.parameters) {
        if ((parameter.group == kConnectionGroup) == of_connection) text += term(parameter);
    }
    return text;
}

std::string example(CommandHelp const& command) {
    std::string text = ".PP\n.nf\n";
    for (auto const line : base::split(command.examples, '\n'))
        text += roff(line) + "\n";
    return text + ".fi\n";
}

constexpr std::string_view kExitStatus = R"(.SH EXIT STATUS
.TP
.B 0
It was done, and every task that was waited for succeeded.
.TP
.B 1
A task failed.
.TP
.B 2
Wrong usage or credentials, or the service refused.
.TP
.B 3
The service could not be reached, or what was waited for did not happen in time.
.TP
.B 130
Interrupted.
)";

std::string group_page(std::string const& name, Commands const& commands) {
    std::vector<CommandHelp const*> members;
    for (auto const& command : commands) {
        if (command.group == name) members.push_back(&command);
    }
    auto const& first = *members.front();
    auto text = heading("bluebatch-" + name, first.verb.empty() ? first.summary : first.group_summary);
    text += ".SH SYNOPSIS\n";
    for (auto const* command : members)
        text += (command == members.front() ? "" : ".br\n") + synopsis(*command);
    text += ".SH COMMANDS\n";
    for (auto const* command : members) {
        text += fmt::format(".SS bluebatch {}\n{}.\n", name_of(*command), roff(command->summary));
        text += terms(*command, false) + example(*command);
    }
    text += ".SH WHERE THE SERVICES ARE\nEvery command knows these options.\n" + terms(first, true);
    return text + std::string(kExitStatus) + ".SH SEE ALSO\n.BR bluebatch (1)\n";
}

std::vector<std::string> groups_of(Commands const& commands) {
    std::vector<std::string> names;
    for (auto const& command : commands) {
        if (std::find(names.begin(), names.end(), command.group) == names.end())
            names.push_back(command.group);
    }
    return names;
}

std::string main_page(Commands const& commands) {
    auto text = heading("bluebatch", "run and look after work on Azure Batch, or on the emulator of it");
    text += ".SH SYNOPSIS\n.B bluebatch\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.SH COMMANDS\n";
    for (auto const& command : commands)
        text += fmt::format(".TP\n.B {}\n{}.\n", name_of(command), roff(command.summary));
    text +=
        ".TP\n.B completion\nPrint completion for bash, zsh or fish.\n.TP\n.B manual\nPrint a page of this "
        "manual.\n";
    text += kExitStatus;
    text +=
        ".SH FILES\n.TP\n.I ~/.config/bluebatch/config.json\nAccounts, as \\fBbluebatch transcode "
        "\\-\\-help\\fR tells.\n.SH SEE ALSO\n";
    for (auto const& name : groups_of(commands))
        text += fmt::format(".BR bluebatch\\-{} (1)\n", name);
    return text;
}

}  // namespace

std::vector<std::string> manual_pages(Commands const& commands) {
    std::vector<std::string> pages{"bluebatch"};
    for (auto const& name : groups_of(commands))
        pages.push_back("bluebatch-" + name);
    return pages;
}

std::optional<std::string> manual_page(std::string_view name, Commands const& commands) {
    if (name == "bluebatch") return main_page(commands);
    for (auto const& group : groups_of(commands)) {
        if (name == "bluebatch-" + group) return group_page(group, commands);
    }
    return std::nullopt;
}

}  // namespace bluebatch::cli
