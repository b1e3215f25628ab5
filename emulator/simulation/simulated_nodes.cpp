#include "emulator/simulation/simulated_nodes.hpp"

#include "emulator/simulation/outcome.hpp"

#include <algorithm>

namespace bluebatch::emulator::simulation {

namespace {

// Runs that end within so much of each other end together, as nodes that report to a service now and then
// have it. A clock that stopped for each of ten thousand nodes would make ten thousand rounds of it.
constexpr base::Ticks kMostTogether = std::chrono::seconds{1};
constexpr int kPartOfTime = 64;
// How many ends the scheduler is told of before it is asked for new work: about what it decides in one turn.
constexpr int kReportsAtOnce = 512;

}  // namespace

SimulatedNodes::SimulatedNodes(
    Behaviour const& behaviour,
    base::Clock const& clock,
    base::Random& random,
    Leaps& leaps,
    domain::Nodes& files,
    domain::ReportSink reports
)
    : behaviour_(behaviour),
      clock_(clock),
      leaps_(leaps),
      files_(files),
      reports_(std::move(reports)),
      seed_(behaviour.seed ? *behaviour.seed : random.next()),
      account_(leaps.join()) {}

SimulatedNodes::~SimulatedNodes() {
    leaps_.leave(account_);
}

void SimulatedNodes::start(domain::RunCommand command) {
    auto report = outcome_of(command, behaviour_, seed_);
    ends_.emplace(command.run, report.end_time);
    runs_.emplace(Moment{report.end_time, command.run}, std::move(report));
}

void SimulatedNodes::stop(domain::RunId run, domain::StopReason reason) {
    auto const end = ends_.find(run);
    if (end == ends_.end()) return;
    auto report = std::move(runs_.extract(Moment{end->second, run}).mapped());
    bool const is_over = end->second <= clock_.now();
    ends_.erase(end);
    if (is_over) return reports_(std::move(report));
    reports_(
        {.run = run,
         .start_time = report.start_time,
         .end_time = clock_.now(),
         .exit_code = kKilled,
         .failure = {},
         .stopped = reason}
    );
}

void SimulatedNodes::report_ended() {
    auto const now = clock_.now();
    for (int i = 0; i < kReportsAtOnce; ++i) {
        if (runs_.empty() || runs_.begin()->first.first > now) return;
        auto report = runs_.extract(runs_.begin()).mapped();
        ends_.erase(report.run);
        reports_(std::move(report));
    }
}

base::TimePoint SimulatedNodes::next_stop() const {
    auto const together = std::min(kMostTogether, behaviour_.time.most / kPartOfTime);
    auto const latest = runs_.begin()->first.first + together;
    return std::prev(runs_.upper_bound(Moment{latest, UINT64_MAX}))->first.first;
}

void SimulatedNodes::rest_until(domain::Rest const& rest) {
    auto next = rest.next_timer;
    if (!runs_.empty()) next = std::min(next.value_or(base::TimePoint::max()), next_stop());
    leaps_.wait(account_, next, rest.nodes_start || !runs_.empty());
    report_ended();
}

void SimulatedNodes::rest_ends() {
    leaps_.go_on(account_);
}

void SimulatedNodes::remove_task_files(
    std::string const& pool_id,
    std::string const& node_id,
    std::string const& job_id,
    std::string const& task_id
) {
    files_.remove_task_files(pool_id, node_id, job_id, task_id);
}

void SimulatedNodes::remove_job_files(std::string const& pool_id, std::string const& job_id) {
    files_.remove_job_files(pool_id, job_id);
}

void SimulatedNodes::remove_node_files(std::string const& pool_id, std::string const& node_id) {
    files_.remove_node_files(pool_id, node_id);
}

}  // namespace bluebatch::emulator::simulation
