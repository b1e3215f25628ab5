#include "client/cli/parse.hpp"

#include "client/cli/durations.hpp"
#include "client/cli/help.hpp"
#include "client/cli/parse_run.hpp"
#include "client/cli/suggest.hpp"
#include "shared/base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

namespace bluebatch::cli {
namespace {

void add_connection_options(CLI::App& app, ConnectionOptions& options) {
    static std::map<std::string, Target> const kTargets{
        {"emulator", Target::emulator}, {"azure", Target::azure}};
    auto constexpr kGroup = "Where";
    app.add_option(
           "--target",
           options.target,
           "emulator (the default; started for this run when none answers) or azure"
    )
        ->transform(CLI::CheckedTransformer(kTargets, CLI::ignore_case).description(""))
        ->type_name("emulator|azure")
        ->envname("BLUEBATCH_TARGET")
        ->group(kGroup);
    auto const add =
        [&app](std::string const& name, auto& value, std::string const& help, std::string const& type) {
            app.add_option(name, value, help)->type_name(type)->group(kGroup);
        };
    add("--batch-url", options.batch_url, "The Batch account's endpoint", "URL");
    add("--batch-account", options.batch_account, "The Batch account's name", "NAME");
    add("--batch-key",
        options.batch_key,
        "Its key; safer in the environment, where nobody else sees it",
        "KEY");
    add("--blob-url", options.blob_url, "The storage account's blob endpoint", "URL");
    add("--storage-account", options.storage_account, "The storage account's name", "NAME");
    add("--storage-key", options.storage_key, "Its key; safer in the environment", "KEY");
    add("--connection-string", options.connection_string, "All of the storage account in one text", "TEXT");
    app.add_option(
           "--endpoints-file",
           options.endpoints_file,
           "What a running emulator wrote with its --endpoints-file"
    )
        ->envname("BLUEBATCH_ENDPOINTS_FILE")
        ->type_name("FILE")
        ->group(kGroup);
    add("--config", options.config_file, "Config file instead of ~/.config/bluebatch/config.json", "FILE");
    app.add_option("--ca-file", options.ca_file, "Certificates to trust instead of the system's (PEM)")
        ->envname("BLUEBATCH_CA_FILE")
        ->type_name("FILE")
        ->group(kGroup);
    app.add_option("--resolve", options.resolve, "Connect to ADDRESS:PORT instead of HOST:PORT; for tests")
        ->envname("BLUEBATCH_RESOLVE")
        ->delimiter(',')
        ->type_name("HOST:PORT:ADDRESS:PORT")
        ->group(kGroup);
}

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
    add_connection_options(app, options.connection);
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
    for (std::string_view const placeholder : {"{input}", "{output}"}) {
        if (options.command.find(placeholder) == std::string::npos) {
            return UsageError{
                fmt::format("--command: {} is missing, so a task would not know its file.", placeholder)};
        }
    }
    return options;
}

// Each command of the program: its name, its line in the overview, and what reads its arguments.
struct CommandRow {
    std::string_view name;
    std::string_view summary;
    Command (*parse)(std::vector<std::string> arguments);
};

UsageError explain(CLI::App const& app, CLI::Error const& error) {
    std::string message = error.what();
    for (auto const& word : app.remaining()) {
        std::vector<std::string> names;
        for (auto const* option : app.get_options()) {
            for (auto const& name : option->get_lnames())
                names.push_back("--" + name);
        }
        std::vector<std::string_view> const known(names.begin(), names.end());
        message = fmt::format("{} is not known.", word);
        if (auto const meant = suggest(word, known)) message += fmt::format(" Did you mean {}?", *meant);
        break;
    }
    return UsageError{message + " 'bluebatch transcode --help' tells more."};
}

Command parse_transcode(std::vector<std::string> arguments) {
    TranscodeFlags flags;
    CLI::App app(std::string(kTranscodeIntroduction), "bluebatch transcode");
    app.get_formatter()->column_width(kHelpColumn);
    add_transcode_options(app, flags);
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
        app.parse(arguments);
    } catch (CLI::CallForHelp const&) {
        return ShowText{app.help()};
    } catch (CLI::Error const& error) {
        return explain(app, error);
    }
    return finish(std::move(flags));
}

constexpr std::array kCommands{
    CommandRow{"transcode", "Convert a folder of media files on a pool of nodes", &parse_transcode},
    CommandRow{"run", "Run a program written for Azure on the emulator", &parse_run},
};

std::string overview() {
    std::string text(kIntroduction);
    for (auto const& row : kCommands)
        text += fmt::format("  {:<12} {}\n", row.name, row.summary);
    return text + std::string(kOverviewFooter);
}

}  // namespace

Command parse_command_line(std::span<std::string const> arguments) {
    if (arguments.empty()) return UsageError{"No command given. 'bluebatch --help' lists them."};
    auto const& first = arguments.front();
    if (first == "--help" || first == "-h" || first == "help") {
        if (arguments.size() > 1 && first == "help") {
            std::vector<std::string> const asked{arguments[1], "--help"};
            return parse_command_line(asked);
        }
        return ShowText{overview()};
    }
    if (first == "--version" || first == "version") return ShowText{std::string(kVersionLine)};
    for (auto const& row : kCommands) {
        if (first == row.name) return row.parse({arguments.begin() + 1, arguments.end()});
    }
    std::vector<std::string_view> names;
    for (auto const& row : kCommands)
        names.push_back(row.name);
    auto message = fmt::format("{} is not a command of bluebatch.", first);
    if (auto const meant = suggest(first, names)) message += fmt::format(" Did you mean {}?", *meant);
    return UsageError{message + " 'bluebatch --help' lists them."};
}

}  // namespace bluebatch::cli
