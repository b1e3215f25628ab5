#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/simulation/behaviour.hpp"
#include "emulator/simulation/leaps.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>

namespace bluebatch::emulator::simulation {

// Stands where the node agent would: a run ends after its time with an exit code, and neither a process nor a
// file comes of it. The same seed gives the same task the same time and exit code, in whichever order tasks
// run. Start tasks and those that prepare or release nodes take no time unless they say so.
//
// A task says it in its environment settings, with which all of a job's tasks can:
//     BLUEBATCH_SIMULATED_TIME=90s (or 10s..60s)    BLUEBATCH_SIMULATED_EXIT_CODE=3
//
// Used by the scheduler's thread only.
class SimulatedNodes final : public domain::Nodes {
public:
    // `files` removes what nodes that were no simulation have left. The references must outlive it.
    SimulatedNodes(
        Behaviour const& behaviour,
        base::Clock const& clock,
        base::Random& random,
        Leaps& leaps,
        domain::Nodes& files,
        domain::ReportSink reports
    );
    ~SimulatedNodes() override;
    SimulatedNodes(SimulatedNodes const&) = delete;
    SimulatedNodes& operator=(SimulatedNodes const&) = delete;

    void start(domain::RunCommand command) override;
    void stop(domain::RunId run, domain::StopReason reason) override;
    void rest_until(domain::Rest const& rest) override;
    void rest_ends() override;
    bool leave_no_trace() const override { return true; }
    void remove_task_files(
        std::string const& pool_id,
        std::string const& node_id,
        std::string const& job_id,
        std::string const& task_id
    ) override;
    void remove_job_files(std::string const& pool_id, std::string const& job_id) override;
    void remove_node_files(std::string const& pool_id, std::string const& node_id) override;

private:
    using Moment = std::pair<base::TimePoint, domain::RunId>;

    void report_ended();
    // When the clock may stop next for the sake of the runs.
    base::TimePoint next_stop() const;

    Behaviour const behaviour_;
    base::Clock const& clock_;
    Leaps& leaps_;
    domain::Nodes& files_;
    domain::ReportSink const reports_;
    std::uint64_t const seed_;
    std::size_t const account_;
    std::map<Moment, domain::RunReport> runs_;  // by when they end
    std::unordered_map<domain::RunId, base::TimePoint> ends_;
};

}  // namespace bluebatch::emulator::simulation
