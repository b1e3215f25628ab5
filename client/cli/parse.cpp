#include "client/cli/parse.hpp"

#include "client/cli/commands/command.hpp"
#include "client/cli/completion.hpp"
#include "client/cli/durations.hpp"
#include "client/cli/help.hpp"
#include "client/cli/manual.hpp"
#include "client/cli/parse_connection.hpp"
#include "client/cli/parse_doctor.hpp"
#include "client/cli/parse_groups.hpp"
#include "client/cli/parse_run.hpp"
#include "client/cli/suggest.hpp"
#include "shared/base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

namespace bluebatch::cli {
namespace {

// What CLI11 fills that is not yet a TranscodeOptions.
struct TranscodeFlags {
    TranscodeOptions options;
    std::string timeout = "30m";
    bool spot = false, dedicated = false, keep_job = false, keep_pool = false, yes = false, json = false;
};

void add_transcode_options(CLI::App& app, TranscodeFlags& flags) {
    auto& options = flags.options;
    app.add_option("--input,-i", options.input, "Folder with the media files, or one file")
        ->required()
        ->type_name("DIR");
    app.add_option("--output,-o", options.output, "Folder for the results; made when missing")
        ->required()
        ->type_name("DIR");
    app.add_option("--pattern", options.pattern, "Only files whose names match, as in '*.mp4'")
        ->type_name("GLOB");
    app.add_option("--command", options.command, "What each task runs; {input} and {output} are its files")
        ->capture_default_str()
        ->type_name("TEXT");
    app.add_option("--ext", options.extension, "Extension of the results")
        ->capture_default_str()
        ->type_name("EXT");
    app.add_option("--timeout", flags.timeout, "How long the tasks may take: 90s, 30m, 2h")
        ->capture_default_str()
        ->type_name("TIME");
    auto constexpr kPool = "Pool and job";
    app.add_option("--nodes", options.nodes, "Nodes of the pool")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000).description(""))
        ->type_name("N")
        ->group(kPool);
    app.add_option("--slots", options.slots, "Tasks that a node runs at once")
        ->capture_default_str()
        ->check(CLI::Range(1, 256).description(""))
        ->type_name("N")
        ->group(kPool);
    auto* spot =
        app.add_flag("--spot", flags.spot, "Spot nodes, which may be preempted (the default)")->group(kPool);
    app.add_flag("--dedicated", flags.dedicated, "Dedicated nodes")->excludes(spot)->group(kPool);
    app.add_option("--vm-size", options.vm_size, "Size of a node")
        ->capture_default_str()
        ->type_name("SIZE")
        ->group(kPool);
    app.add_option(
           "--start-task", options.start_task, "What each node runs first, as administrator; '' for nothing"
    )
        ->type_name("TEXT")
        ->group(kPool);
    app.add_option("--pool-id", options.pool_id, "A pool that exists is used and kept")
        ->capture_default_str()
        ->type_name("ID")
        ->group(kPool);
    app.add_option("--job-id", options.job_id, "Must not exist yet")
        ->capture_default_str()
        ->type_name("ID")
        ->group(kPool);
    app.add_option(
           "--container-prefix", options.container_prefix, "Put before the containers' names input and output"
    )
        ->type_name("TEXT")
        ->group(kPool);
    auto constexpr kEnd = "At the end";
    app.add_flag("--keep-job", flags.keep_job, "Keep the job")->group(kEnd);
    app.add_flag("--keep-pool", flags.keep_pool, "Keep the pool")->group(kEnd);
    app.add_flag("--yes,-y", flags.yes, "Delete what this run made without asking")->group(kEnd);
    app.add_flag(
           "--json",
           flags.json,
           "One JSON summary on standard output; the lines for people go to standard error"
    )
        ->group(kEnd);
    add_connection_options(
        app, options.connection, "emulator (the default; started for this run when none answers) or azure"
    );
    app.footer(std::string(kTranscodeFooter));
}

Command finish(TranscodeFlags flags) {
    auto options = std::move(flags.options);
    auto const timeout = parse_duration(flags.timeout);
    if (!timeout)
        return UsageError{fmt::format("--timeout {}: give a time such as 90s, 30m or 2h.", flags.timeout)};
    options.timeout = *timeout;
    options.node_kind = flags.dedicated ? NodeKind::dedicated : NodeKind::spot;
    options.job = flags.keep_job ? Keep::yes : Keep::no;
    options.pool = flags.keep_pool ? Keep::yes : Keep::no;
    options.answer = flags.yes ? Answer::yes : Answer::ask;
    options.form = flags.json ? OutputForm::json : OutputForm::text;
    if (!options.extension.starts_with('.')) options.extension.insert(0, ".");
    if (options.extension.size() < 2 || options.extension.find('/') != std::string::npos) {
        return UsageError{fmt::format("--ext {}: give an extension such as .mp3.", options.extension)};
    }
    if (options.job_id.empty()) return UsageError{"--job-id is empty."};
    if (options.pool_id.empty()) return UsageError{"--pool-id is empty."};
    for (std::string_view const placeholder : {"{input}", "{output}"}) {
        if (options.command.find(placeholder) == std::string::npos) {
            return UsageError{
                fmt::format("--command: {} is missing, so a task would not know its file.", placeholder)};
        }
    }
    return options;
}

void prepare(CLI::App& app, TranscodeFlags& flags) {
    app.get_formatter()->column_width(kHelpColumn);
    add_transcode_options(app, flags);
}

Command parse_transcode(std::vector<std::string> arguments) {
    TranscodeFlags flags;
    CLI::App app(std::string(kTranscodeIntroduction), "bluebatch transcode");
    prepare(app, flags);
    if (auto shown = read_arguments(app, std::move(arguments))) return *std::move(shown);
    return finish(std::move(flags));
}

CommandHelp describe_transcode() {
    TranscodeFlags flags;
    CLI::App app(std::string(kTranscodeIntroduction), "bluebatch transcode");
    prepare(app, flags);
    return read_help(app, std::string(kTranscodeFooter));
}

Command parse_completion(std::vector<std::string> arguments) {
    auto script = arguments.size() == 1 ? completion_script(arguments.front(), describe_commands())
                                        : std::optional<std::string>{};
    if (script) return ShowText{*std::move(script)};
    bool const asks = !arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h");
    if (asks) return ShowText{std::string(kCompletionHelp)};
    return UsageError{"Which shell? Give bash, zsh or fish, as in 'source <(bluebatch completion bash)'."};
}

Command parse_manual(std::vector<std::string> arguments) {
    auto const commands = describe_commands();
    if (arguments.size() == 1 && (arguments.front() == "--help" || arguments.front() == "-h")) {
        return ShowText{fmt::format("{}\nPages: {}\n", kManualHelp, fmt::join(manual_pages(commands), ", "))};
    }
    auto page = manual_page(arguments.empty() ? "bluebatch" : arguments.front(), commands);
    if (page && arguments.size() < 2) return ShowText{*std::move(page)};
    return UsageError{fmt::format("Which page? There are {}.", fmt::join(manual_pages(commands), ", "))};
}

// Each command that is not a row of a group: its name, its line in the overview, what reads its arguments,
// and what it tells completion and the manual, if it is for people.
struct TopCommand {
    std::string_view name;
    std::string_view summary;
    Command (*parse)(std::vector<std::string> arguments);
    CommandHelp (*describe)() = nullptr;
};

constexpr std::array kCommands{
    TopCommand{
        "transcode",
        "Convert a folder of media files on a pool of nodes",
        &parse_transcode,
        &describe_transcode},
    TopCommand{"run", "Run a program written for Azure on the emulator", &parse_run, &describe_run},
    TopCommand{
        "doctor",
        "Look at everything that a run needs, and say what is missing",
        &parse_doctor,
        &describe_doctor},
    TopCommand{"completion", "Print completion for a shell: bash, zsh or fish", &parse_completion},
    TopCommand{"manual", "Print a page of the manual for man(1)", &parse_manual},
};

std::string overview() {
    std::string text(kIntroduction);
    auto const add = [&text](std::string_view name, std::string_view summary) {
        text += fmt::format("  {:<12} {}\n", name, summary);
    };
    add(kCommands.front().name, kCommands.front().summary);
    for (auto const& group : command_groups())
        add(group.name, group.summary);
    for (auto const& row : std::span(kCommands).subspan(1))
        add(row.name, row.summary);
    return text + std::string(kOverviewFooter);
}

UsageError unknown_command(std::string const& word) {
    std::vector<std::string_view> names;
    for (auto const& row : kCommands)
        names.push_back(row.name);
    for (auto const& group : command_groups())
        names.push_back(group.name);
    auto message = fmt::format("{} is not a command of bluebatch.", word);
    if (auto const meant = suggest(word, names)) message += fmt::format(" Did you mean {}?", *meant);
    return UsageError{message + " 'bluebatch --help' lists them."};
}

}  // namespace

Command parse_command_line(std::span<std::string const> arguments) {
    if (arguments.empty()) return UsageError{"No command given. 'bluebatch --help' lists them."};
    auto const& first = arguments.front();
    if (first == "--help" || first == "-h" || first == "help") {
        if (arguments.size() > 1 && first == "help") {
            std::vector<std::string> asked(arguments.begin() + 1, arguments.end());
            asked.emplace_back("--help");
            return parse_command_line(asked);
        }
        return ShowText{overview()};
    }
    if (first == "--version" || first == "version") return ShowText{std::string(kVersionLine)};
    std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
    for (auto const& row : kCommands) {
        if (first == row.name) return row.parse(std::move(rest));
    }
    if (auto const* group = find_group(first)) return parse_group(*group, std::move(rest));
    return unknown_command(first);
}

std::vector<CommandHelp> describe_commands() {
    std::vector<CommandHelp> commands;
    for (auto const& row : kCommands) {
        if (!row.describe) continue;
        auto help = row.describe();
        help.group = row.name;
        help.summary = row.summary;
        commands.push_back(std::move(help));
    }
    for (auto const& group : command_groups()) {
        for (auto const& row : group.rows)
            commands.push_back(describe_row(group, row));
    }
    return commands;
}

}  // namespace bluebatch::cli
