#include "emulator/scheduler/resource_samples.hpp"

#include "emulator/autoscale/choices.hpp"

#include <chrono>

namespace bluebatch::emulator::scheduler {

namespace {

// The service documents megabytes of memory and gigabytes of disk, whatever the names say.
constexpr double kMegabyte = 1 << 20;
constexpr double kGigabyte = 1 << 30;

double seconds(base::Ticks time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

void add_resources(
    autoscale::PoolSample& sample, domain::ResourceUse const& use, PoolMachines machines, std::size_t samples
) {
    using autoscale::Variable;
    if (machines.nodes == 0 || samples == 0) return;
    double const nodes = machines.nodes;
    auto const periods = static_cast<double>(samples);
    auto const total = [&](std::uint64_t bytes) { return static_cast<double>(bytes) / periods; };
    auto const cpu_seconds = periods * seconds(autoscale::kSamplePeriod) * nodes * machines.cores;
    sample[Variable::cpu_percent] = seconds(use.cpu_time) / cpu_seconds;
    sample[Variable::wall_clock_seconds] = seconds(use.wall_clock) / periods;
    sample[Variable::memory_bytes] = static_cast<double>(use.memory_bytes) / nodes / kMegabyte;
    // All nodes keep their files on one disk.
    sample[Variable::disk_bytes] = static_cast<double>(use.disk_bytes) / kGigabyte;
    sample[Variable::disk_read_bytes] = total(use.disk_read_bytes);
    sample[Variable::disk_write_bytes] = total(use.disk_write_bytes);
    sample[Variable::disk_read_ops] = total(use.disk_reads);
    sample[Variable::disk_write_ops] = total(use.disk_writes);
    sample[Variable::network_in_bytes] = total(use.received_bytes);
    sample[Variable::network_out_bytes] = total(use.sent_bytes);
}

}  // namespace bluebatch::emulator::scheduler
