#include "emulator/app/emulator.hpp"

#include "emulator/app/account_registry.hpp"
#include "emulator/app/application_control.hpp"
#include "emulator/app/clock_control.hpp"
#include "emulator/app/control.hpp"
#include "emulator/app/guest_word.hpp"
#include "emulator/app/host_switch.hpp"
#include "emulator/app/https.hpp"
#include "emulator/app/identity_paths.hpp"
#include "emulator/app/journal.hpp"
#include "emulator/app/location.hpp"
#include "emulator/app/open_batch_accounts.hpp"
#include "emulator/app/spot_control.hpp"
#include "emulator/app/storage_settings.hpp"
#include "emulator/batch/authentication.hpp"
#include "emulator/batch/service.hpp"
#include "emulator/blob/service.hpp"
#include "emulator/blob/token_validator.hpp"
#include "emulator/ffmpeg/installation.hpp"
#include "emulator/ffmpeg/transcoder.hpp"
#include "emulator/identity/issued_tokens.hpp"
#include "emulator/identity/service.hpp"
#include "emulator/node/container_cli.hpp"
#include "emulator/resources/service.hpp"
#include "emulator/storage/accounts/account_store.hpp"
#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/full_disk.hpp"
#include "shared/base/adjustable_clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/private_file.hpp"
#include "shared/base/random.hpp"
#include "shared/http/client.hpp"
#include "shared/http/local_names.hpp"
#include "shared/http/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bluebatch::emulator::app {

namespace {

constexpr std::chrono::milliseconds kAnswersFinishWithin{1500};

unsigned network_threads() {
    return std::max(4U, 2 * std::thread::hardware_concurrency());
}

// Half of the descriptors go to connections, so that the answers can still open their files.
http::ServerLimits server_limits() {
    http::ServerLimits limits;
    ::rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        limits.connections = std::clamp<std::size_t>(files.rlim_cur / 2, 64, limits.connections);
    }
    return limits;
}

Location open_location(Options const& options) {
    return options.in_memory ? Location::temporary() : Location::open(options.location);
}

// Those of our own issuer, and with --oauth basic those that look like tokens.
std::shared_ptr<azure::TokenValidator const> blob_tokens(
    Options const& options, identity::Issuer const& issuer, identity::Directory const& directory
) {
    auto others = options.bearer_tokens == BearerTokens::basic ? blob::make_basic_token_validator() : nullptr;
    return identity::make_issued_token_validator(
        issuer,
        directory,
        {blob::is_audience_of,
         &identity::Access::blob,
         std::move(others),
         " Start bluebatch-emulator with --oauth basic to take tokens of others."}
    );
}

std::shared_ptr<azure::TokenValidator const> batch_tokens(
    identity::Issuer const& issuer, identity::Directory const& directory
) {
    auto const is_audience = [](std::string_view, std::string_view audience) {
        return batch::is_audience(audience);
    };
    return identity::make_issued_token_validator(
        issuer, directory, {is_audience, &identity::Access::batch, nullptr}
    );
}

std::shared_ptr<azure::TokenValidator const> resource_tokens(
    identity::Issuer const& issuer, identity::Directory const& directory
) {
    auto const is_audience = [](std::string_view, std::string_view audience) {
        return resources::is_audience(audience);
    };
    return identity::make_issued_token_validator(
        issuer, directory, {is_audience, &identity::Access::resources, nullptr}
    );
}

// What the resource manager changes of an account's applications.
resources::FindPackages find_packages(std::shared_ptr<ApplicationControl::Accounts const> accounts) {
    return [accounts = std::move(accounts)](std::string_view name) -> std::optional<resources::PackageStore> {
        auto const account = accounts->find(name);
        if (account == nullptr) return std::nullopt;
        return resources::PackageStore{account, &account->database, &account->packages};
    };
}

blob::cases::AccountPolicy blob_policy(Options const& options) {
    return {
        .blob_retention_days = options.blob_soft_delete,
        .container_retention_days = options.container_soft_delete,
        .keeps_versions = options.blob_versioning,
        .tracks_access = options.blob_access_tracking,
    };
}

std::unique_ptr<ffmpeg::Transcoder> make_transcoder(Options const& options) {
    if (options.isolate_transcodes) {
        auto program = ffmpeg::find_ffmpeg_program();
        if (!program) throw std::runtime_error(program.error().message);
        return ffmpeg::make_isolated_transcoder(*std::move(program));
    }
    auto library = ffmpeg::find_media_library();
    if (!library) throw std::runtime_error(library.error().message);
    return ffmpeg::make_in_process_transcoder(*std::move(library));
}

void warn_of_open_doors(Options const& options) {
    if (http::names_this_machine(options.host)) return;
    if (options.bearer_tokens == BearerTokens::basic) {
        base::log::warning(
            "listening at {} with --oauth basic: whoever can reach this address can write a token that opens "
            "every blob",
            options.host
        );
    }
    if (!options.uses_development_keys) return;
    base::log::warning(
        "listening at {} with the development keys, which everybody knows: whoever can reach this address "
        "can run "
        "commands here; give accounts of your own with --account and --batch-account",
        options.host
    );
}

void tell_of_simulation(Options const& options) {
    if (!options.simulation) return;
    base::log::warning(
        "tasks are simulated (--simulate {}): nothing runs, no files are read or written, and the clock "
        "leaps",
        simulation::to_text(options.simulation->time)
    );
}

std::filesystem::path find_node_bin() {
    auto const folder = ffmpeg::find_node_bin();
    if (folder) return *folder;
    base::log::warning("commands of tasks won't find our ffmpeg on their PATH: {}", folder.error().message);
    return {};
}

// It holds the keys of accounts. SQLite gives the files beside it the same rights as this one; those of an
// earlier life may have others.
std::filesystem::path private_database(std::filesystem::path file) {
    base::make_private(file);
    for (auto const* const suffix : {"-wal", "-shm"}) {
        auto const beside = file.string() + suffix;
        if (std::filesystem::exists(beside)) base::make_private(beside);
    }
    return file;
}

std::filesystem::path find_container_program() {
    auto const environment = node::container_program_environment();
    auto const path = environment.find("PATH");
    if (path == environment.end()) return {};
    return node::find_container_program(path->second).value_or(std::filesystem::path{});
}

// What tasks on this machine call a service by that listens on every interface.
std::string reachable_host(std::string const& host) {
    return host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host;
}

}  // namespace

// In the order of construction; the end goes backwards.
struct Emulator::Parts {
    explicit Parts(Options given)
        : options(std::move(given)),
          location(open_location(options)),
          issuer(location.path() / "identity", clock, random),
          directory(options.principals),
          network(http::make_network_client({.user_agent = "bluebatch-emulator/" BLUEBATCH_VERSION})),
          blob(
              {.accounts = blob_accounts,
               .location = location.path(),
               .durability = options.durability,
               .default_policy = blob_policy(options),
               .network = network,
               .token_validator = blob_tokens(options, issuer, directory)},
              clock,
              random
          ),
          storage_settings(blob.policies(), blob_accounts),
          transcoder(make_transcoder(options)),
          batch_accounts(surroundings()),
          accounts(options, account_database, blob_accounts, blob, batch_accounts, clock, random),
          spot_control(batch_accounts.views(), clock, random),
          applications(batch_accounts.applications(), location.path() / "spool", clock),
          batch(
              batch_accounts.views(),
              batch_tokens(issuer, directory),
              location.path(),
              clock,
              random,
              &control
          ),
          resource_manager(
              {.accounts = accounts,
               .find_packages = find_packages(batch_accounts.applications()),
               .blob = blob,
               .batch = batch,
               .tokens = resource_tokens(issuer, directory),
               .location = location.path(),
               .durability = options.durability,
               .quotas = options.batch_quotas,
               .clock = clock,
               .random = random}
          ),
          server(clock, server_limits(), network_threads(), {&https->certificates, guest_word.word}) {
        control.show_authority(https->authority.authority.certificate_pem());
        control.serve(StorageSettings::kPath, [this](auto const& request) {
            return storage_settings.answer(request);
        });
        control.serve(ClockControl::kPath, [this](auto const& request) {
            return clock_control.answer(request);
        });
        control.serve(Journal::kPath, [this](auto const& request) { return journal.answer(request); });
        control.serve(SpotControl::kPath, [this](auto const& request) {
            return spot_control.answer(request);
        });
        control.serve(
            ApplicationControl::kPath,
            [this](auto const& request) { return applications.answer(request); },
            [this](auto const& head) { return applications.plan(head); }
        );
        clock.on_change([this] { batch_accounts.clock_changed(); });
    }

    // Also of one that fails before everything answers.
    ~Parts() {
        blob.stop_copies();
        batch_accounts.stop_waiting();
        server.stop(kAnswersFinishWithin);
        // Accounts that are at rest must not leap on while others end.
        leaps.end();
        batch_accounts.stop();
    }
    Parts(Parts const&) = delete;
    Parts& operator=(Parts const&) = delete;

    Surroundings surroundings() {
        return {
            options,
            location.path(),
            blob,
            *blob_accounts,
            account_database,
            *network,
            *transcoder,
            node_bin,
            container_program,
            clock,
            random,
            leaps};
    }

    Options options;
    base::SystemClock machine_clock;
    base::AdjustableClock clock{machine_clock};
    base::SystemRandom random;
    simulation::Leaps leaps{clock};
    Location location;
    EndpointsFile endpoints_file{options.endpoints_file};
    GuestWord guest_word = make_guest_word(location.path(), random);
    storage::Database account_database{
        private_database(location.path() / "accounts.sqlite"),
        storage::accounts_schema(),
        options.durability};
    std::shared_ptr<blob::BlobAccounts> blob_accounts = std::make_shared<blob::BlobAccounts>();
    identity::Issuer issuer;
    identity::Directory directory;
    std::future<std::unique_ptr<Https>> https_to_come{prepare_https(location.path(), options, machine_clock)};
    std::shared_ptr<http::Client> network;
    blob::BlobService blob;
    StorageSettings storage_settings;
    ClockControl clock_control{clock};
    std::unique_ptr<ffmpeg::Transcoder> transcoder;
    std::filesystem::path node_bin = find_node_bin();
    std::filesystem::path container_program = find_container_program();
    OpenBatchAccounts batch_accounts;
    AccountRegistry accounts;
    SpotControl spot_control;
    ControlService control;
    ApplicationControl applications;
    batch::BatchService batch;
    resources::ResourceService resource_manager;
    identity::IdentityService identity{issuer, directory, random};
    Journal journal;
    JournaledRequests noted_blob{blob, JournaledService::blob, journal};
    JournaledRequests noted_batch{batch, JournaledService::batch, journal};
    JournaledRequests noted_identity{identity, JournaledService::identity, journal};
    JournaledRequests noted_resources{resource_manager, JournaledService::resources, journal};
    AbsentService absent;
    JournaledRequests noted_absent{absent, JournaledService::absent, journal};
    HostedServices hosted{
        {HostedService::blob, &noted_blob},
        {HostedService::batch, &noted_batch},
        {HostedService::identity, &noted_identity},
        {HostedService::resources, &noted_resources}};
    IdentityPaths batch_and_identity{noted_identity, noted_batch};
    HostSwitch at_blob_port{hosted, noted_blob, noted_absent};
    HostSwitch at_batch_port{hosted, batch_and_identity, noted_absent};
    std::unique_ptr<Https> https{https_to_come.get()};
    http::Server server;
    Endpoints endpoints;
};

// On a full disk again and again, each time with more of the space that is kept for that.
std::unique_ptr<Emulator::Parts> Emulator::open(Options const& options) {
    using storage::blob::BlobStorage;
    using storage::blob::SpaceReserve;
    // What is full may be another disk than the one that the space is on.
    for (auto tries = SpaceReserve::kSize / SpaceReserve::kStep;; --tries) {
        try {
            auto parts = std::make_unique<Parts>(options);
            parts->blob.keep_reserve();
            return parts;
        } catch (std::exception const& error) {
            bool const may_help = tries > 0 && !options.in_memory && storage::is_full_disk(error);
            if (!may_help || !BlobStorage::give_up_reserve(options.location)) throw;
            base::log::warning("The disk is full: {}. Starting on what is kept for that.", error.what());
        }
    }
}

Emulator::Emulator(Options const& options) : parts_(open(options)) {
    auto& parts = *parts_;
    warn_of_open_doors(parts.options);
    tell_of_simulation(parts.options);
    auto const blob_port =
        parts.server.listen(parts.options.host, parts.options.blob_port, parts.at_blob_port);
    auto const batch_port =
        parts.server.listen(parts.options.host, parts.options.batch_port, parts.at_batch_port);
    parts.endpoints_file.remove_old();
    parts.endpoints =
        make_endpoints(parts.options.host, blob_port, batch_port, parts.options.blob_accounts.front().name);
    parts.endpoints.guest_word = parts.guest_word.file.string();
    parts.endpoints.ca = parts.https->authority.certificate.string();
    Addresses const addresses{
        parts.endpoints.batch,
        {reachable_host(parts.options.host),
         blob_port,
         [accounts = parts.blob_accounts](std::string_view name) {
             return accounts->find(name) != nullptr;
         }}};
    parts.batch_accounts.start(addresses);
    auto const& simulation = parts.options.simulation;
    parts.control.set_ready(parts.endpoints, simulation ? simulation::to_text(simulation->time) : "");
    parts.endpoints_file.write(parts.endpoints);
}

Emulator::~Emulator() = default;

Endpoints const& Emulator::endpoints() const {
    return parts_->endpoints;
}

}  // namespace bluebatch::emulator::app
