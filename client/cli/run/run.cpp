#include "client/cli/run/run.hpp"

#include "client/cli/run/guest.hpp"
#include "client/cli/run/program_environment.hpp"
#include "client/cli/run/program_files.hpp"
#include "client/cli/run/report.hpp"
#include "client/cli/run/traffic.hpp"
#include "shared/http/client.hpp"
#include "shared/http/connect_proxy.hpp"
#include "shared/http/proxy_request.hpp"
#include "shared/http/url.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bluebatch::cli {

namespace {

constexpr std::string_view kUser = "run";
constexpr std::size_t kPasswordDigits = 32;
constexpr std::chrono::seconds kReportWithin{2};

Outcome<std::string> fetch_authority(
    http::Client& client, std::string const& emulator_url, World const& world
) {
    http::OutgoingRequest request;
    request.url = emulator_url + "/_bluebatch/ca.pem";
    auto const response = client.send(request, {}, world.stop);
    if (response && response->status == 200) return response->body;
    return Failure{
        ExitStatus::unreachable,
        fmt::format(
            "{} does not tell its certificate authority: {}.",
            emulator_url,
            response ? fmt::format("it answers {}", response->status) : response.error().message
        )};
}

std::optional<http::ProxyTarget> target_of(std::string const& url) {
    auto const parts = http::parse_url(url);
    http::ProxyTarget target;
    if (!parts) return std::nullopt;
    std::uint16_t const port = parts->scheme == http::Scheme::https ? 443 : 80;
    if (!http::parse_authority(parts->authority, port, target)) return std::nullopt;
    return target;
}

// Empty for a program that is no guest.
GuestPreface preface_for(
    RunOptions const& options, http::Client& client, std::string const& emulator_url, World const& world
) {
    if (options.strict) return {};
    auto preface = find_guest_preface(client, emulator_url, world.stop);
    if (preface) return *std::move(preface);
    world.console.note(fmt::format(
        "Only accounts that the emulator has, with their keys, as with --strict: {}.", preface.error().message
    ));
    return {};
}

// Empty when it can't be had: a summary is no reason to fail.
Report fetch_report(http::Client& client, std::string const& emulator_url, World const& world) {
    http::OutgoingRequest request;
    request.url = emulator_url + "/_bluebatch/report";
    request.stall_timeout = kReportWithin;
    auto const response = client.send(request, {}, world.stop);
    auto report = response && response->status == 200 ? parse_report(response->body) : std::nullopt;
    return report ? *std::move(report) : Report{};
}

// Files of authorities that the caller's programs trust instead of the machine's.
std::vector<std::filesystem::path> trusted_by(Variables const& variables) {
    std::vector<std::filesystem::path> files;
    for (auto const* const name : {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
        auto const file = variables.find(name);
        if (file != variables.end()) files.emplace_back(file->second);
    }
    return files;
}

int fail(Failure const& failure, World const& world) {
    world.console.error(failure.message);
    return static_cast<int>(failure.status);
}

}  // namespace

int run_on_emulator(
    RunOptions const& options,
    World const& world,
    ProgramSurroundings const& surroundings,
    std::function<void()> const& on_start
) {
    auto const connection = Connection::open(options.connection, world);
    if (!connection) return fail(connection.error(), world);
    auto const& accounts = (*connection)->accounts();
    auto const emulator = target_of(accounts.batch.endpoint);
    if (!emulator) return fail({ExitStatus::usage, accounts.batch.endpoint + " is not a URL."}, world);
    auto const client = http::make_network_client(
        {.user_agent = "bluebatch/" BLUEBATCH_VERSION, .use_proxy_from_environment = false}
    );
    auto const authority = fetch_authority(*client, accounts.batch.endpoint, world);
    if (!authority) return fail(authority.error(), world);
    auto const inherited = own_environment();
    auto const files = ProgramFiles::make(*authority, trusted_by(inherited));
    if (!files) return fail({ExitStatus::usage, files.error().message}, world);

    auto preface = preface_for(options, *client, accounts.batch.endpoint, world);
    Traffic traffic(
        *emulator, std::move(preface), options.offline ? Foreigners::refused : Foreigners::passed
    );
    auto const credentials = fmt::format("{}:{}", kUser, world.random.hex(kPasswordDigits));
    http::ConnectProxy const proxy({credentials, [&traffic](http::ProxyTarget const& target) {
                                        return traffic.decide(target);
                                    }});
    ProgramSettings const settings{
        .proxy_url = fmt::format("http://{}@127.0.0.1:{}", credentials, proxy.port()),
        .ca_file = files->authority(),
        .ca_bundle = files->bundle(),
        .node_proxy = files->node_proxy(),
        .emulator_url = accounts.batch.endpoint,
        .batch = {accounts.batch.name, accounts.batch.key_base64},
        .storage = {accounts.storage.name, accounts.storage.key_base64}};
    auto const before = fetch_report(*client, accounts.batch.endpoint, world);
    on_start();
    if (world.stop.stop_requested()) return static_cast<int>(ExitStatus::interrupted);
    auto const end = surroundings.run(options.words, make_program_environment(inherited, settings));
    if (!end.launch_failure.empty()) world.console.error(end.launch_failure);
    if (!options.quiet) {
        for (auto const& line : traffic.summary())
            world.console.note(line);
        auto const after = fetch_report(*client, accounts.batch.endpoint, world);
        for (auto const& line : describe_change(before, after))
            world.console.note(line);
    }
    return end.status;
}

}  // namespace bluebatch::cli
