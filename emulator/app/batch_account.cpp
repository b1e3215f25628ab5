#include "emulator/app/batch_account.hpp"

#include "emulator/app/storage_access.hpp"
#include "emulator/batch/service/new_jobs.hpp"
#include "emulator/batch/wire/task_conditions.hpp"
#include "emulator/batch/wire/task_specification.hpp"
#include "emulator/node/blob_transfers.hpp"
#include "emulator/node/log_uploader.hpp"
#include "emulator/node/node_agent.hpp"
#include "emulator/scheduler/scheduler.hpp"
#include "emulator/simulation/simulated_nodes.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/room.hpp"
#include "shared/azure/batch_error.hpp"
#include "shared/base/log.hpp"

#include <algorithm>
#include <limits>
#include <thread>

namespace bluebatch::emulator::app {

namespace {

std::filesystem::path packages_folder(std::filesystem::path const& location, std::string const& account) {
    return location / "applications" / account;
}

std::filesystem::path database_file(std::filesystem::path const& location, std::string const& account) {
    return location / "batch" / (account + ".sqlite");
}

scheduler::DocumentReaders document_readers() {
    return {
        .read_task = batch::wire::TaskReader(),
        .read_start_task = [](std::string_view document) -> std::optional<scheduler::StartTask> {
            auto read = batch::wire::read_start_task(document);
            if (!read) return std::nullopt;
            auto const wait =
                read->wait_for_success ? scheduler::WaitForSuccess::yes : scheduler::WaitForSuccess::no;
            return scheduler::StartTask{std::move(read->specification), wait};
        },
        .read_node_setup = batch::wire::read_node_setup,
        .read_job_node_tasks =
            [](std::string_view document) {
                auto read = batch::wire::read_job_node_tasks(document);
                auto const wait =
                    read.wait_for_success ? scheduler::WaitForSuccess::yes : scheduler::WaitForSuccess::no;
                return scheduler::JobNodeTasks{
                    std::move(read.preparation_id),
                    std::move(read.preparation),
                    wait,
                    read.reruns_after_reboot,
                    std::move(read.release_id),
                    std::move(read.release)};
            },
        .read_dependencies = &batch::wire::read_dependencies,
        .read_exit_conditions = &batch::wire::read_exit_conditions,
        .make_scheduled_job = {},  // needs an account
    };
}

node::PackageSource package_source(storage::ApplicationPackages const& packages) {
    return [&packages](std::string_view id, std::string_view version) -> std::optional<node::PackageFile> {
        auto found = packages.find(id, version);
        if (!found) return std::nullopt;
        return node::PackageFile{std::move(found->version), found->number, std::move(found->path)};
    };
}

std::unique_ptr<simulation::SimulatedNodes> simulated_nodes(
    Surroundings const& surroundings, domain::Nodes& files, domain::ReportSink reports
) {
    auto const& behaviour = surroundings.options.simulation;
    if (!behaviour) return nullptr;
    return std::make_unique<simulation::SimulatedNodes>(
        *behaviour, surroundings.clock, surroundings.random, surroundings.leaps, files, std::move(reports)
    );
}

// What is simulated costs nothing, so any number of it may be under way.
std::size_t most_at_once(Options const& options) {
    return options.simulation ? std::numeric_limits<std::size_t>::max() : options.max_parallel;
}

}  // namespace

// A simulation needs no program for them.
bool BatchAccount::runs_containers() const {
    return !surroundings_.container_program.empty() || surroundings_.options.simulation.has_value();
}

// Jobs of schedules are added by the same rules as jobs of users.
scheduler::DocumentReaders BatchAccount::readers() {
    auto readers = document_readers();
    readers.make_scheduled_job =
        [this, changes = domain::ChangeSink([this](domain::Change change) { notify(std::move(change)); })](
            storage::Transaction& transaction, domain::JobSchedule& schedule, base::TimePoint now
        ) -> std::optional<domain::Job> {
        batch::service::Context const context{
            database_,
            changes,
            surroundings_.random,
            now,
            surroundings_.options.batch_quotas,
            runs_containers()};
        auto job = batch::service::insert_job_of(transaction, context, schedule);
        if (job) return std::move(*job);
        auto const reason = azure::name_of(job.error().code);
        base::log::warning("job schedule {}: its next job is not made: {}", schedule.id, reason);
        return std::nullopt;
    };
    return readers;
}

// The scheduler and its nodes, each of which reports to the other.
struct BatchAccount::Running {
    Running(BatchAccount& owner, Addresses const& addresses)
        : blobs(&owner.surroundings_.blob, addresses.blob, owner.surroundings_.network, {}),
          simulated(simulated_nodes(
              owner.surroundings_,
              agent,
              [this](domain::RunReport report) { scheduler.report(std::move(report)); }
          )),
          scheduler(
              owner.database_,
              simulated ? static_cast<domain::Nodes&>(*simulated) : agent,
              owner.surroundings_.clock,
              owner.surroundings_.random,
              {
                  .max_parallel = most_at_once(owner.surroundings_.options),
                  .node_start_delay = owner.surroundings_.options.node_start_delay,
                  .quotas = owner.surroundings_.options.batch_quotas,
                  .samples = owner.samples_,
                  .machine_cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency())),
                  .spot_return_delay = owner.surroundings_.options.spot_return_delay,
              },
              owner.readers()
          ),
          agent(
              {
                  .location = owner.surroundings_.location,
                  .account_name = owner.account_.name,
                  .account_url = addresses.batch_url,
                  .max_parallel = owner.surroundings_.options.max_parallel,
                  .node_bin = owner.surroundings_.node_bin,
                  .container_program = owner.surroundings_.container_program,
                  .auto_storage = auto_storage(owner.surroundings_, addresses.blob, owner.account_.name),
                  .identities = identity_access(owner.surroundings_, addresses.blob),
                  .packages = package_source(owner.packages_),
                  .task_tokens = owner.task_tokens_,
                  .ends_orphans = false,  // those of all accounts have been ended at once
              },
              owner.surroundings_.clock,
              blobs,
              owner.surroundings_.transcoder,
              [this](domain::RunReport report) { scheduler.report(std::move(report)); }
          ),
          logs(blobs, identity_access(owner.surroundings_, addresses.blob)) {}

    // Each is told of the other before it begins. The agent goes first, while there is still someone to
    // report to; by then the scheduler's thread has ended, so that what the end cuts short is not written as
    // finished.
    node::BlobTransfers blobs;
    std::unique_ptr<simulation::SimulatedNodes> simulated;  // does nothing by itself
    scheduler::Scheduler scheduler;
    node::NodeAgent agent;
    node::LogUploader logs;
};

BatchAccount::BatchAccount(Account account, Surroundings surroundings, std::shared_ptr<void> life)
    : life_(std::move(life)),
      account_(std::move(account)),
      surroundings_(surroundings),
      database_(
          database_file(surroundings_.location, account_.name),
          storage::batch_schema(),
          surroundings_.options.durability
      ),
      packages_(
          database_,
          packages_folder(surroundings_.location, account_.name),
          surroundings_.options.durability == storage::Durability::fsync ? storage::flushing_disk()
                                                                         : storage::lazy_disk()
      ) {
    storage::give_room(database_);
}

BatchAccount::~BatchAccount() {
    stop();
}

void BatchAccount::prepare(Addresses const& addresses) {
    std::scoped_lock const turn(turning_);
    if (has_ended_) return;
    owned_ = std::make_unique<Running>(*this, addresses);
    std::unique_lock const lock(mutex_);
    running_ = owned_.get();
}

void BatchAccount::start() {
    std::scoped_lock const turn(turning_);
    if (owned_) owned_->scheduler.start();
}

void BatchAccount::stop() {
    std::scoped_lock const turn(turning_);
    has_ended_ = true;
    {
        std::unique_lock const lock(mutex_);
        running_ = nullptr;
    }
    if (owned_) owned_->scheduler.stop();
    owned_.reset();
}

template <class Use>
bool BatchAccount::while_running(Use use) {
    std::shared_lock const lock(mutex_);
    return running_ != nullptr && use(*running_);
}

void BatchAccount::notify(domain::Change change) {
    while_running([&](Running& running) {
        running.scheduler.notify(std::move(change));
        return true;
    });
}

void BatchAccount::clock_changed() {
    while_running([](Running& running) {
        running.scheduler.wake();
        return true;
    });
}

bool BatchAccount::upload(domain::LogUpload log) {
    return while_running([&](Running& running) { return running.logs.add(std::move(log)); });
}

std::vector<std::filesystem::path> BatchAccount::files_of(
    std::filesystem::path const& location, std::string const& account
) {
    auto const database = database_file(location, account).string();
    return {
        database,
        database + "-wal",
        database + "-shm",
        packages_folder(location, account),
        domain::nodes_folder(location, account),
        domain::trash_folder(location, account)};
}

ApplicationControl::Account BatchAccount::for_control() {
    return {account_.name, database_, packages_};
}

batch::BatchAccount BatchAccount::for_service(Account const& account) {
    return {
        .name = account.name,
        .keys_base64 = account.keys_base64,
        .database = &database_,
        .changes = [this](domain::Change change) { notify(std::move(change)); },
        .upload_log = [this](domain::LogUpload log) { return upload(std::move(log)); },
        .quotas = surroundings_.options.batch_quotas,
        .samples = samples_,
        .task_tokens = task_tokens_,
        .pool_identities = surroundings_.options.pool_identities,
        .runs_containers = runs_containers(),
        .is_simulated = surroundings_.options.simulation.has_value(),
    };
}

}  // namespace bluebatch::emulator::app
