#include "client/cli/parse_run.hpp"

#include "client/cli/help.hpp"
#include "client/cli/parse_connection.hpp"
#include "client/cli/parse_groups.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace bluebatch::cli {

namespace {

constexpr std::string_view kIntroductionOfRun =
    R"(Runs a program written for Azure on the emulator, unchanged: what it says to
https://ACCOUNT.blob.core.windows.net, https://ACCOUNT.REGION.batch.azure.com, login.microsoftonline.com and
identities of machines ends at the emulator, which is started for this run when none answers. Accounts are made
when the program names them, and any key opens them, unless --strict.
)";

constexpr std::string_view kFooterOfRun = R"(
Examples:
  bluebatch run -- python3 transcode.py
  bluebatch run --offline -- az storage blob list --account-name devstoreaccount1 --container-name films
  bluebatch run -- curl -s https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration

The program gets a proxy that it is alone to use (HTTPS_PROXY), the certificate authority of the emulator
(REQUESTS_CA_BUNDLE, SSL_CERT_FILE, CURL_CA_BUNDLE, NODE_EXTRA_CA_CERTS), the accounts and keys of the emulator
(AZURE_BATCH_ACCOUNT, AZURE_STORAGE_CONNECTION_STRING ...) and who it is (AZURE_TENANT_ID, AZURE_CLIENT_ID,
IDENTITY_ENDPOINT ...); NODE_OPTIONS teaches node the way. Other hosts are reached directly, unless --offline;
what heeds no proxy is not held back.

Exit status: the program's own; 127 there is no such program; 126 it can't be started; 2 and 3 as everywhere when
the emulator can't be had.)";

void prepare(CLI::App& app, RunOptions& options) {
    app.get_formatter()->column_width(kHelpColumn);
    app.prefix_command();
    app.add_flag("--offline", options.offline, "Refuse connections to all other hosts");
    app.add_flag("--strict", options.strict, "Take the emulator's own accounts and their keys only");
    app.add_flag("--quiet,-q", options.quiet, "No summary of what the program asked for");
    app.add_option("--endpoints-file", options.connection.endpoints_file, "Of a running emulator")
        ->type_name("FILE");
    app.footer(std::string(kFooterOfRun));
}

}  // namespace

CommandHelp describe_run() {
    RunOptions options;
    CLI::App app(std::string(kIntroductionOfRun), "bluebatch run");
    prepare(app, options);
    return read_help(app, std::string(kFooterOfRun));
}

Command parse_run(std::vector<std::string> arguments) {
    RunOptions options;
    CLI::App app(std::string(kIntroductionOfRun), "bluebatch run");
    prepare(app, options);
    if (auto shown = read_arguments(app, std::move(arguments))) return *std::move(shown);
    options.words = app.remaining();
    if (!options.words.empty() && options.words.front() == "--") options.words.erase(options.words.begin());
    if (options.words.empty())
        return UsageError{
            "Which program? Give it behind two hyphens, as in 'bluebatch run -- python3 app.py'."};
    if (options.words.front().starts_with('-'))
        return UsageError{options.words.front() + " is not known. 'bluebatch run --help' tells more."};
    return options;
}

}  // namespace bluebatch::cli
