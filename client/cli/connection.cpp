#include "client/cli/connection.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <utility>

namespace bluebatch::cli {
namespace {

constexpr std::chrono::seconds kLongestProbe{2};

std::unique_ptr<client::TokenSource> make_tokens(
    Accounts const& accounts, http::Client& client, World const& world, TellAccounts tell
) {
    if (!accounts.identity) return nullptr;
    auto& console = world.console;
    std::function<void(std::string const&)> note;
    // Where it was asked for by name it was told before.
    if (tell == TellAccounts::yes && !gives_tokens(accounts.identity->way)) {
        note = [&console](std::string const& name) {
            console.note(fmt::format("Signing in to Microsoft Entra ID by {}.", name));
        };
    }
    return std::make_unique<client::TokenSource>(make_credential(
        *accounts.identity,
        {.client = client, .clock = world.clock, .random = world.random, .waiter = world.waiter},
        std::move(note)
    ));
}

// Of a service whose account the command did not ask for.
class NoAccount final : public client::Authorizer {
public:
    client::ApiResult<void> authorize(http::OutgoingRequest&, base::TimePoint, std::stop_token) override {
        client::ApiError error;
        error.fault = client::Fault::credentials;
        error.message = "This command has no account of that service.";
        return error;
    }
};

std::unique_ptr<client::Authorizer> make_batch_authorizer(
    Accounts const& accounts, client::TokenSource* tokens
) {
    auto const& [name, endpoint, key] = accounts.batch;
    if (endpoint.empty()) return std::make_unique<NoAccount>();
    if (!key.empty()) return client::make_batch_shared_key(name, key);
    return client::make_bearer_authorizer(*tokens, std::string(accounts.cloud->batch_resource));
}

std::unique_ptr<client::Authorizer> make_blob_authorizer(
    Accounts const& accounts, client::TokenSource* tokens
) {
    auto const& storage = accounts.storage;
    if (storage.blob_endpoint.empty()) return std::make_unique<NoAccount>();
    if (!storage.key_base64.empty()) return client::make_storage_shared_key(storage.name, storage.key_base64);
    if (!storage.sas.empty()) {
        bool const is_emulated = accounts.target == Target::emulator;
        return client::make_sas_authorizer(
            storage.sas, is_emulated ? client::PlainHttp::take : client::PlainHttp::refuse
        );
    }
    return client::make_bearer_authorizer(*tokens, std::string(accounts.cloud->storage_resource));
}

std::unique_ptr<client::SasIssuer> make_sas_issuer(
    Accounts const& accounts, client::BlobClient blob, base::Clock const& clock
) {
    auto const& storage = accounts.storage;
    if (storage.blob_endpoint.empty()) return nullptr;
    if (!storage.key_base64.empty()) {
        auto const scheme =
            storage.blob_endpoint.starts_with("https://") ? http::Scheme::https : http::Scheme::http;
        return client::make_key_sas_issuer({storage.name, storage.key_base64, scheme});
    }
    if (!storage.sas.empty()) return client::make_fixed_sas_issuer(storage.sas);
    return client::make_delegation_sas_issuer(storage.name, std::move(blob), clock);
}

// A process on the default port that is no emulator of ours would not know the path.
bool answers(http::Client& client, std::string const& batch_endpoint, std::stop_token stop) {
    http::OutgoingRequest probe;
    probe.url = batch_endpoint + "/_bluebatch/health";
    probe.connect_timeout = kLongestProbe;
    probe.stall_timeout = kLongestProbe;
    auto const response = client.send(probe, {}, std::move(stop));
    return response && (response->status == 200 || response->status == 503);
}

// Every attempt of a call to nobody would be retried for seconds; a person is told at once.
Outcome<void> expect_emulator(http::Client& client, Accounts const& accounts, std::stop_token stop) {
    http::OutgoingRequest probe;
    probe.url = accounts.batch.endpoint.empty() ? accounts.storage.blob_endpoint : accounts.batch.endpoint;
    probe.connect_timeout = kLongestProbe;
    auto const response = client.send(probe, {}, stop);
    if (response || response.error().fault != http::TransportFault::refused) return {};
    return Failure{
        ExitStatus::unreachable,
        fmt::format(
            "No emulator answers at {}.\n  Start bluebatch-emulator, name another with --endpoints-file, or "
            "give --target azure.",
            probe.url
        )};
}

Outcome<Accounts> read_accounts(ConnectionOptions const& options, World const& world, Services services) {
    auto flags = flags_of(options);
    bool has_batch_file = false, has_blob_file = false;
    if (options.endpoints_file && options.target == Target::emulator) {
        auto const endpoints = read_endpoints_file(*options.endpoints_file);
        if (!endpoints) return Failure{ExitStatus::usage, endpoints.error().message};
        has_batch_file = flags.try_emplace(Setting::batch_endpoint, endpoints->batch).second;
        has_blob_file = flags.try_emplace(Setting::blob_endpoint, endpoints->blob).second;
    }
    auto config = read_config_file(options.config_file, options.target, world.environment);
    if (!config) return Failure{ExitStatus::usage, config.error().message};
    Sources const sources(options.target, std::move(flags), world.environment, *std::move(config));
    auto accounts = find_accounts(options.target, sources, services);
    if (!accounts) return Failure{ExitStatus::usage, accounts.error().message};
    // The file stands in for flags that were not given.
    auto const tell_file = [&options](bool has_file, Setting setting, std::string& source) {
        bool const is_flag = source == fmt::format("flag {}", names_of(setting).flag);
        if (has_file && is_flag) source = "endpoints file " + options.endpoints_file->string();
    };
    tell_file(has_batch_file, Setting::batch_endpoint, accounts->batch_sources.endpoint);
    tell_file(has_blob_file, Setting::blob_endpoint, accounts->storage_sources.endpoint);
    return *std::move(accounts);
}

Outcome<EmulatorProcess> start_emulator(World const& world) {
    auto const program = find_emulator_program();
    if (!program) {
        return Failure{
            ExitStatus::unreachable,
            "No emulator answers at http://127.0.0.1:10003, and there is no bluebatch-emulator beside this "
            "program or on PATH to start."};
    }
    auto process = EmulatorProcess::start(*program, world.stop);
    if (world.stop.stop_requested()) return Failure{ExitStatus::interrupted, "Interrupted."};
    if (!process) return Failure{ExitStatus::unreachable, process.error().message};
    world.console.note(fmt::format(
        "No emulator answered at http://127.0.0.1:10003: started one for this run (process {}).",
        process->pid()
    ));
    return *std::move(process);
}

}  // namespace

http::ClientOptions client_options(ConnectionOptions const& options, Environment const& environment) {
    http::ClientOptions result;
    result.user_agent = "bluebatch/" BLUEBATCH_VERSION;
    result.resolve = options.resolve;
    if (options.ca_file) {
        result.ca_file = *options.ca_file;
    } else if (auto const file = environment("SSL_CERT_FILE")) {
        result.ca_file = *file;
    }
    return result;
}

Connection::Connection(
    Accounts accounts, std::unique_ptr<http::Client> client, World const& world, TellAccounts tell
)
    : accounts_(std::move(accounts)),
      client_(std::move(client)),
      tokens_(make_tokens(accounts_, *client_, world, tell)),
      batch_authorizer_(make_batch_authorizer(accounts_, tokens_.get())),
      blob_authorizer_(make_blob_authorizer(accounts_, tokens_.get())),
      batch_pipeline_(*client_, *batch_authorizer_, world.clock, world.random, world.waiter),
      blob_pipeline_(*client_, *blob_authorizer_, world.clock, world.random, world.waiter),
      sas_(make_sas_issuer(accounts_, blob({.stop = world.stop, .retry = {}}), world.clock)) {
    if (tokens_ && accounts_.cloud != nullptr) {
        manager_authorizer_ =
            client::make_bearer_authorizer(*tokens_, std::string(accounts_.cloud->manager_endpoint));
        manager_pipeline_.emplace(*client_, *manager_authorizer_, world.clock, world.random, world.waiter);
    }
    auto& console = world.console;
    auto const tell_of = [&console](client::Pipeline const& pipeline, std::string_view service) {
        pipeline.throttle().on_slow_down([&console, service] {
            console.note(
                fmt::format("{} asks for fewer requests, and gets fewer: this takes longer.", service)
            );
        });
    };
    tell_of(batch_pipeline_, "Batch");
    tell_of(blob_pipeline_, "Storage");
}

Outcome<std::unique_ptr<Connection>> Connection::open(
    ConnectionOptions const& options, World const& world, ConnectionRules const& rules
) {
    auto accounts = read_accounts(options, world, rules.services);
    if (!accounts) return accounts.error();
    auto client = http::make_network_client(client_options(options, world.environment));
    std::optional<EmulatorProcess> emulator;
    bool const is_emulated = accounts->target == Target::emulator;
    if (is_emulated && rules.absent_emulator == AbsentEmulator::refuse) {
        auto const there = expect_emulator(*client, *accounts, world.stop);
        if (!there) return there.error();
    }
    bool const may_start =
        is_emulated && rules.absent_emulator == AbsentEmulator::start && accounts->are_emulator_defaults;
    if (may_start && !answers(*client, accounts->batch.endpoint, world.stop)) {
        auto started = start_emulator(world);
        if (!started) return started.error();
        accounts->batch.endpoint = started->endpoints().batch;
        accounts->storage.blob_endpoint = started->endpoints().blob;
        accounts->batch_sources.endpoint = accounts->storage_sources.endpoint = "started for this run";
        emulator.emplace(*std::move(started));
    }
    if (rules.tell == TellAccounts::yes) {
        for (auto const& text : describe(*accounts))
            world.console.note(text);
    }
    auto connection =
        std::make_unique<Connection>(*std::move(accounts), std::move(client), world, rules.tell);
    if (emulator) connection->emulator_.emplace(*std::move(emulator));
    return connection;
}

}  // namespace bluebatch::cli
