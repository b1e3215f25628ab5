#include "emulator/node/node_agent.hpp"

#include "emulator/node/metered_blobs.hpp"
#include "emulator/node/node_setup.hpp"
#include "emulator/node/orphans.hpp"
#include "emulator/node/run_stop.hpp"
#include "emulator/node/task_run.hpp"
#include "emulator/node/use_meter.hpp"
#include "emulator/node/worker_pool.hpp"
#include "shared/base/log.hpp"

#include <mutex>
#include <unordered_map>
#include <utility>

namespace bluebatch::emulator::node {

namespace {

using LeftBehind = std::unordered_map<domain::RunId, ProcessGroup>;

}  // namespace

struct NodeAgent::Parts {
    Parts(
        AgentOptions agent_options,
        base::Clock& agent_clock,
        BlobAccess& agent_blobs,
        ffmpeg::Transcoder& transcoder,
        domain::ReportSink report_sink
    )
        : options(std::move(agent_options)),
          clock(agent_clock),
          blobs(agent_blobs),
          reports(std::move(report_sink)),
          identity{options.account_name, options.account_url, options.node_bin},
          inherited(inherited_environment()),
          files(options.location, options.account_name),
          meter(options.location, clock),
          packages(options.packages),
          containers(options.container_program),
          commands(transcoder),
          coordinators(options.max_parallel * domain::kMostInstances),
          workers(options.max_parallel) {}

    void perform(domain::RunCommand const& command, RunStop const& stop) {
        UseMeter::Run run_meter(meter, command.pool_id, command.node_id);
        MeteredBlobs metered_blobs(blobs, run_meter);
        RunSurroundings const surroundings{
            clock,
            files,
            metered_blobs,
            run_meter,
            commands,
            packages,
            containers,
            *options.task_tokens,
            options.auto_storage,
            options.identities,
            identity,
            inherited};
        RunEnd end = command.kind == domain::RunKind::node_setup
                         ? RunEnd{set_up_node(command, stop, surroundings)}
                         : run_task(command, stop, surroundings);
        {
            std::scoped_lock const lock(mutex);
            runs.erase(command.run);
            if (stop.is_requested()) end.left_behind.end();
            if (end.left_behind.is_there()) left_behind.emplace(command.run, std::move(end.left_behind));
        }
        reports(std::move(end.report));
    }

    // The run never began.
    void refuse(domain::RunId run, std::string reason) {
        {
            std::scoped_lock const lock(mutex);
            runs.erase(run);
        }
        base::log::error("a run could not be started: {}", reason);
        domain::RunReport report;
        report.run = run;
        report.start_time = report.end_time = clock.now();
        report.failure =
            domain::FailureInfo{domain::ErrorCategory::server_error, "Unknown", std::move(reason), {}};
        reports(std::move(report));
    }

    void stop_all() {
        std::scoped_lock const lock(mutex);
        for (auto const& [run, stop] : runs)
            stop->request(domain::StopReason::requeued);
    }

    AgentOptions const options;
    base::Clock& clock;
    BlobAccess& blobs;
    domain::ReportSink const reports;
    NodeIdentity const identity;
    Environment const inherited;
    NodeFiles files;
    UseMeter meter;
    Packages packages;
    Containers containers;
    CommandRunner commands;

    std::mutex mutex;
    std::unordered_map<domain::RunId, std::shared_ptr<RunStop>> runs;
    LeftBehind left_behind;  // by coordination commands
    // Last: their end waits for the runs, which use the rest. Coordination commands may wait for each other,
    // so they need threads of their own, all of them.
    WorkerPool coordinators;
    WorkerPool workers;
};

NodeAgent::NodeAgent(
    AgentOptions options,
    base::Clock& clock,
    BlobAccess& blobs,
    ffmpeg::Transcoder& transcoder,
    domain::ReportSink reports
)
    : parts_(std::make_unique<Parts>(std::move(options), clock, blobs, transcoder, std::move(reports))) {
    std::filesystem::path const nodes = parts_->files.root();
    if (!parts_->options.ends_orphans || std::filesystem::is_empty(nodes)) return;
    std::size_t const ended = end_orphans(nodes);
    if (ended > 0)
        base::log::warning("ended {} processes of tasks that an earlier emulator left behind", ended);
}

NodeAgent::~NodeAgent() {
    parts_->stop_all();
    // Processes that left their group are found by their environment.
    auto const nodes = parts_->files.root();
    parts_.reset();
    end_orphans(nodes);
}

std::optional<domain::ResourceUse> NodeAgent::take_use(std::string const& pool_id) {
    return parts_->meter.take(pool_id);
}

void NodeAgent::start(domain::RunCommand command) {
    auto const stop = std::make_shared<RunStop>();
    {
        std::scoped_lock const lock(parts_->mutex);
        parts_->runs[command.run] = stop;
    }
    bool const coordinates = command.kind == domain::RunKind::coordination;
    WorkerPool& threads = coordinates ? parts_->coordinators : parts_->workers;
    auto const run = command.run;
    try {
        threads.add([parts = parts_.get(), stop, command = std::move(command)] {
            parts->perform(command, *stop);
        });
    } catch (std::system_error const& error) {
        parts_->refuse(run, error.what());
    }
}

void NodeAgent::stop(domain::RunId run, domain::StopReason reason) {
    std::shared_ptr<RunStop> stop;
    LeftBehind::node_type left_behind;  // ends with this function
    {
        std::scoped_lock const lock(parts_->mutex);
        auto const found = parts_->runs.find(run);
        if (found != parts_->runs.end()) stop = found->second;
        left_behind = parts_->left_behind.extract(run);
    }
    if (stop) stop->request(reason);
}

void NodeAgent::remove_task_files(
    std::string const& pool_id,
    std::string const& node_id,
    std::string const& job_id,
    std::string const& task_id
) {
    parts_->files.remove_task(pool_id, node_id, job_id, task_id);
}

void NodeAgent::remove_job_files(std::string const& pool_id, std::string const& job_id) {
    parts_->files.remove_job(pool_id, job_id);
}

void NodeAgent::remove_node_files(std::string const& pool_id, std::string const& node_id) {
    auto const node = parts_->files.remove_node(pool_id, node_id);
    parts_->packages.forget(node);
    parts_->containers.forget(node);
    parts_->meter.forget(pool_id, node_id);
}

}  // namespace bluebatch::emulator::node
