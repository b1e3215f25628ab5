#include "client/cli/parse_connection.hpp"

#include "client/cli/command_help.hpp"
#include "client/cli/identity.hpp"
#include "client/cli/suggest.hpp"
#include "shared/base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace bluebatch::cli {
namespace {

// CLI11's own transformer tells the values of small enums as characters.
std::string choose_target(std::string& input) {
    for (auto const target : {Target::emulator, Target::azure}) {
        auto const number = std::to_string(static_cast<int>(target));
        // One that has been chosen is looked at once more.
        if (input == number) return {};
        if (!base::equal_ignoring_case(input, target == Target::azure ? "azure" : "emulator")) continue;
        input = number;
        return {};
    }
    return fmt::format("{} is neither emulator nor azure.", input);
}

}  // namespace

void add_connection_options(CLI::App& app, ConnectionOptions& options, std::string const& target_help) {
    std::string const group(kConnectionGroup);
    app.add_option("--target", options.target, target_help)
        ->transform(CLI::Validator(choose_target, ""))
        ->type_name("emulator|azure")
        ->envname("BLUEBATCH_TARGET")
        ->group(group);
    auto const add =
        [&app, &group](
            std::string const& name, auto& value, std::string const& help, std::string const& type
        ) { app.add_option(name, value, help)->type_name(type)->group(group); };
    add("--batch-url", options.batch_url, "The Batch account's endpoint", "URL");
    add("--batch-account", options.batch_account, "The Batch account's name", "NAME");
    add("--batch-key",
        options.batch_key,
        "Its key; safer in the environment, where nobody else sees it",
        "KEY");
    add("--blob-url", options.blob_url, "The storage account's blob endpoint", "URL");
    add("--storage-account", options.storage_account, "The storage account's name", "NAME");
    add("--storage-key", options.storage_key, "Its key; safer in the environment", "KEY");
    add("--sas", options.sas, "A shared access signature instead of it; safer in the environment", "SAS");
    add("--connection-string", options.connection_string, "All of the storage account in one text", "TEXT");
    app.add_option("--auth", options.auth, "How to sign in, where there are several ways")
        ->type_name(sign_in_names())
        ->group(group);
    app.add_option("--cloud", options.cloud, "The cloud of Azure, where the endpoints do not tell")
        ->type_name("public|china|usgov")
        ->group(group);
    app.add_option(
           "--endpoints-file",
           options.endpoints_file,
           "What a running emulator wrote with its --endpoints-file"
    )
        ->envname("BLUEBATCH_ENDPOINTS_FILE")
        ->type_name("FILE")
        ->group(group);
    add("--config", options.config_file, "Config file instead of ~/.config/bluebatch/config.json", "FILE");
    app.add_option("--ca-file", options.ca_file, "Certificates to trust instead of the system's (PEM)")
        ->envname("BLUEBATCH_CA_FILE")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--resolve", options.resolve, "Connect to ADDRESS:PORT instead of HOST:PORT; for tests")
        ->envname("BLUEBATCH_RESOLVE")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("HOST:PORT:ADDRESS:PORT")
        ->group(group);
}

UsageError explain_usage(CLI::App const& app, CLI::Error const& error) {
    std::string message = error.what();
    for (auto const& given : app.remaining()) {
        // What follows may be a key.
        auto const word = given.substr(0, given.find('='));
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
    return UsageError{fmt::format("{} '{} --help' tells more.", message, app.get_name())};
}

std::optional<Command> read_arguments(CLI::App& app, std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    try {
        app.parse(arguments);
    } catch (CLI::CallForHelp const&) {
        return ShowText{app.help()};
    } catch (CLI::Error const& error) {
        return explain_usage(app, error);
    }
    return std::nullopt;
}

}  // namespace bluebatch::cli
