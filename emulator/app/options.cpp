#include "emulator/app/options.hpp"

#include "emulator/app/options_batch.hpp"
#include "emulator/app/options_identity.hpp"
#include "emulator/app/options_simulation.hpp"
#include "emulator/app/options_storage.hpp"
#include "emulator/app/options_tls.hpp"
#include "emulator/domain/accounts.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace bluebatch::emulator::app {

namespace {

constexpr auto kDevelopmentBlobAccount = "devstoreaccount1";
constexpr auto kDevelopmentBlobKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
constexpr auto kDevelopmentBatchAccount = "devbatchaccount1";
constexpr auto kDevelopmentBatchKey =
    "Ymx1ZWJhdGNoIGVtdWxhdG9yOiB0aGUgd2VsbC1rbm93biBkZXZlbG9wbWVudCBrZXksIG5vdCBhIHNlY3JldA==";

constexpr auto kAbout =
    R"(Azure Batch and Azure Blob Storage on this machine: pools become nodes, tasks really run.

Point any Batch or Blob client at the two ports below. The development accounts are
  Blob   devstoreaccount1   (Azurite's well-known key)
  Batch  devbatchaccount1   (printed by `bluebatch-emulator --print-accounts`))";

constexpr auto kFooter =
    R"(Every flag can be given as an environment variable: BLUEBATCH_ and the flag in capitals, for example
BLUEBATCH_BATCH_PORT=0. Tasks run with your rights, without a sandbox: run only what you trust.

Try it:
  bluebatch-emulator --in-memory &
  bluebatch transcode --input videos --output music)";

template <class Value>
using Choices = std::vector<std::pair<std::string, Value>>;

// The option takes one of these words; whatever else is given is answered with all of them. CLI11's own
// transformer tells the values of small enums as characters, which ends the message at a NUL.
template <class Value>
CLI::Option* take_one_of(CLI::Option* option, Choices<Value> choices) {
    auto const choose = [choices = std::move(choices)](std::string& input) {
        std::vector<std::string> words;
        for (auto const& [word, value] : choices) {
            // Values that have been chosen are looked at once more.
            auto const number = std::to_string(static_cast<int>(value));
            if (input == number) return std::string{};
            if (base::equal_ignoring_case(word, input)) {
                input = number;
                return std::string{};
            }
            words.push_back(word);
        }
        return fmt::format("{} is none of {}", input, fmt::join(words, ", "));
    };
    return option->transform(CLI::Validator(choose, ""));
}

// "NAME:KEY" or "NAME:KEY:KEY2". Throws CLI::ValidationError with what is wrong, and where it was said.
Account parse_account(std::string const& text, std::string const& place) {
    auto const parts = base::split(text, ':');
    auto const fail = [&place](std::string const& why) -> CLI::ValidationError {
        return CLI::ValidationError(place, why);
    };
    if (parts.size() < 2 || parts.size() > 3) throw fail("write NAME:KEY or NAME:KEY:KEY2");
    Account account{std::string(parts[0]), {}};
    if (!domain::is_account_name(account.name))
        throw fail(fmt::format(
            "'{}' is no account name: it takes 3 to 24 lower-case letters and digits", account.name
        ));
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i].empty() || !base::parse_base64(parts[i]))
            throw fail(fmt::format("a key of account '{}' is not base64", account.name));
        account.keys_base64.emplace_back(parts[i]);
    }
    return account;
}

// "name:key[:key2];name:key", as variables hold them.
std::vector<Account> parse_accounts(std::vector<std::string> const& texts, std::string const& place) {
    std::vector<Account> accounts;
    for (auto const& text : texts) {
        for (auto const part : base::split(text, ';')) {
            if (!base::trim(part).empty())
                accounts.push_back(parse_account(std::string{base::trim(part)}, place));
        }
    }
    return accounts;
}

std::vector<Account> accounts_of_azurite() {
    char const* const text = std::getenv("AZURITE_ACCOUNTS");
    return text == nullptr ? std::vector<Account>{} : parse_accounts({text}, "AZURITE_ACCOUNTS");
}

std::filesystem::path default_location() {
    if (char const* const data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0')
        return std::filesystem::path(data) / "bluebatch";
    if (char const* const home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return std::filesystem::path(home) / ".local/share/bluebatch";
    return std::filesystem::current_path() / "bluebatch";
}

// What CLI11 fills in before it is checked and turned into Options.
struct Raw {
    Options options;
    std::vector<std::string> blob_accounts;
    std::vector<std::string> batch_accounts;
    std::string node_start_delay = "0s";
    std::string spot_return_delay = "1m";
    bool print_accounts = false;
    bool always_so = true;
};

void declare_options(CLI::App& app, Raw& raw) {
    auto& o = raw.options;
    auto const with_variable = [](CLI::Option* option, std::string const& flag) {
        return option->envname(variable_of(flag));
    };
    with_variable(
        app.add_option(
            "--host,--blobHost",
            o.host,
            "Address to listen on; with the development keys, whoever reaches it can run commands here"
        ),
        "host"
    )
        ->capture_default_str();
    with_variable(
        app.add_option("--blob-port,--blobPort", o.blob_port, "Port of the Blob service; 0 takes a free one"),
        "blob-port"
    )
        ->capture_default_str();
    with_variable(
        app.add_option("--batch-port", o.batch_port, "Port of the Batch service; 0 takes a free one"),
        "batch-port"
    )
        ->capture_default_str();
    with_variable(
        app.add_option(
            "-l,--location", o.location, "Folder for state and node files (default: ~/.local/share/bluebatch)"
        ),
        "location"
    );
    with_variable(
        app.add_flag("--in-memory,--inMemoryPersistence", o.in_memory, "Keep nothing after the end"),
        "in-memory"
    );
    Choices<storage::Durability> const durabilities{
        {"process", storage::Durability::process}, {"fsync", storage::Durability::fsync}};
    auto* const durability = app.add_option(
        "--durability",
        o.durability,
        "What an answered write survives: process (the end of the emulator, kill -9 too) or fsync (the "
        "loss of power, too)"
    );
    take_one_of(with_variable(durability, "durability"), durabilities)->default_str("process");
    with_variable(
        app.add_option(
            "--account",
            raw.blob_accounts,
            "Blob account NAME:KEY[:KEY2]; may be repeated, or several with ';' between them"
        ),
        "account"
    );
    with_variable(
        app.add_option(
            "--batch-account",
            raw.batch_accounts,
            "Batch account NAME:KEY[:KEY2]; may be repeated, or several with ';' between them"
        ),
        "batch-account"
    );
    declare_storage_options(app, o);
    declare_batch_options(app, o);
    declare_identity_options(app, o);
    declare_simulation_options(app, o);
    declare_tls_options(app, o);
    with_variable(
        app.add_option(
            "--endpoints-file",
            o.endpoints_file,
            "Write the addresses to this file as JSON once everything answers"
        ),
        "endpoints-file"
    );
    with_variable(
        app.add_option(
            "--max-parallel", o.max_parallel, "Commands that run at once over all nodes (default: 4 x cores)"
        ),
        "max-parallel"
    )
        ->check(CLI::Range(1, 4096));
    with_variable(
        app.add_option(
            "--node-start-delay",
            raw.node_start_delay,
            "How long a node takes to start, for example 500ms or 30s"
        ),
        "node-start-delay"
    )
        ->capture_default_str();
    with_variable(
        app.add_option(
            "--spot-return-delay",
            raw.spot_return_delay,
            "After how long a preempted Spot node has a machine again"
        ),
        "spot-return-delay"
    )
        ->capture_default_str();
    with_variable(
        app.add_flag(
            "--isolate-transcodes", o.isolate_transcodes, "Run each ffmpeg transcode in a process of its own"
        ),
        "isolate-transcodes"
    );
    Choices<BearerTokens> const token_checks{{"off", BearerTokens::refused}, {"basic", BearerTokens::basic}};
    auto* const oauth = app.add_option(
        "--oauth",
        o.bearer_tokens,
        "off, or basic: Blob takes tokens of Microsoft Entra ID without checking who signed them"
    );
    take_one_of(with_variable(oauth, "oauth"), token_checks)->default_str("off");
    Choices<base::log::Level> const levels{
        {"trace", base::log::Level::trace},
        {"debug", base::log::Level::debug},
        {"info", base::log::Level::info},
        {"warning", base::log::Level::warning},
        {"error", base::log::Level::error},
        {"off", base::log::Level::off},
    };
    auto* const level = app.add_option(
        "--log-level", o.log_level, "trace, debug, info (a line for each request), warning, error or off"
    );
    take_one_of(with_variable(level, "log-level"), levels)->default_str("warning");
    Choices<base::log::Format> const formats{
        {"text", base::log::Format::text}, {"json", base::log::Format::json}};
    auto* const format = app.add_option("--log-format", o.log_format, "text or json");
    take_one_of(with_variable(format, "log-format"), formats)->default_str("text");
    app.add_flag(
        "--print-accounts", raw.print_accounts, "Print the development accounts with their keys, and end"
    );
    // Azurite's switches for what is always so here.
    app.add_flag(
           "--skipApiVersionCheck,--disableTelemetry,--loose,--silent,-s",
           raw.always_so,
           "Accepted for Azurite's users; always in effect"
    )
        ->group("");
}

std::optional<std::chrono::milliseconds> parse_delay(std::string const& text) {
    auto const digits = text.find_first_not_of("0123456789");
    auto const number = base::parse_number<std::uint32_t>(std::string_view(text).substr(0, digits));
    std::string_view const unit = digits == std::string::npos ? "s" : std::string_view(text).substr(digits);
    if (!number) return std::nullopt;
    if (unit == "ms") return std::chrono::milliseconds{*number};
    if (unit == "s") return std::chrono::seconds{*number};
    if (unit == "m") return std::chrono::minutes{*number};
    return std::nullopt;
}

Options finish(Raw raw) {
    auto options = std::move(raw.options);
    check_tls_options(options);
    options.blob_accounts = raw.blob_accounts.empty()
                                ? accounts_of_azurite()
                                : parse_accounts(raw.blob_accounts, "--account / BLUEBATCH_ACCOUNT");
    options.batch_accounts = parse_accounts(raw.batch_accounts, "--batch-account / BLUEBATCH_BATCH_ACCOUNT");
    options.uses_development_keys = options.blob_accounts.empty() || options.batch_accounts.empty();
    if (options.blob_accounts.empty())
        options.blob_accounts.push_back({kDevelopmentBlobAccount, {kDevelopmentBlobKey}});
    if (options.batch_accounts.empty())
        options.batch_accounts.push_back({kDevelopmentBatchAccount, {kDevelopmentBatchKey}});
    auto const delay = parse_delay(raw.node_start_delay);
    if (!delay) throw CLI::ValidationError("--node-start-delay", "write a time such as 500ms, 30s or 5m");
    options.node_start_delay = *delay;
    auto const return_delay = parse_delay(raw.spot_return_delay);
    if (!return_delay)
        throw CLI::ValidationError("--spot-return-delay", "write a time such as 500ms, 30s or 5m");
    options.spot_return_delay = *return_delay;
    if (options.max_parallel == 0)
        options.max_parallel = 4 * std::max(1U, std::thread::hardware_concurrency());
    if (!options.in_memory && options.location.empty()) options.location = default_location();
    return options;
}

bool is_on_command_line(std::span<char const* const> arguments, std::string_view flag) {
    return std::ranges::any_of(arguments, [flag](std::string_view argument) {
        return argument == flag || argument.starts_with(std::string{flag} + "=");
    });
}

// A flag wins over a variable, also over that of its opposite.
void choose_where(Options& options, std::span<char const* const> arguments) {
    if (!options.in_memory || options.location.empty()) return;
    bool const wants_folder =
        is_on_command_line(arguments, "--location") ||
        std::ranges::any_of(arguments, [](std::string_view argument) { return argument.starts_with("-l"); });
    bool const wants_memory = is_on_command_line(arguments, "--in-memory") ||
                              is_on_command_line(arguments, "--inMemoryPersistence");
    if (wants_folder == wants_memory)
        throw CLI::ValidationError("--in-memory", "keeps nothing, so it goes without --location");
    if (wants_folder)
        options.in_memory = false;
    else
        options.location.clear();
}

void print_accounts() {
    fmt::print(
        "Blob   {} {}\nBatch  {} {}\n",
        kDevelopmentBlobAccount,
        kDevelopmentBlobKey,
        kDevelopmentBatchAccount,
        kDevelopmentBatchKey
    );
}

}  // namespace

std::variant<Options, Exit> parse_options(int argc, char const* const* argv) {
    CLI::App app{kAbout, "bluebatch-emulator"};
    app.footer(kFooter);
    app.set_version_flag("--version", "bluebatch-emulator " BLUEBATCH_VERSION);
    app.get_formatter()->column_width(34);
    Raw raw;
    declare_options(app, raw);
    try {
        app.parse(argc, argv);
        if (raw.print_accounts) {
            print_accounts();
            return Exit{0};
        }
        choose_where(raw.options, {argv, static_cast<std::size_t>(argc)});
        return finish(std::move(raw));
    } catch (CLI::ParseError const& error) {
        int const status = app.exit(error);
        return Exit{status == 0 ? 0 : 2};
    }
}

}  // namespace bluebatch::emulator::app
