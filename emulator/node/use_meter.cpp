#include "emulator/node/use_meter.hpp"

#include "emulator/node/process_use.hpp"

#include <pthread.h>

#include <sys/statvfs.h>

#include <algorithm>
#include <ctime>

namespace bluebatch::emulator::node {

namespace {

using domain::ResourceUse;

base::Ticks time_of(clockid_t clock) {
    ::timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::duration_cast<base::Ticks>(
        std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}
    );
}

// Calls `change` for each sum of both.
template <class Change>
void for_each_sum(ResourceUse& left, ResourceUse const& right, Change change) {
    change(left.cpu_time, right.cpu_time);
    change(left.wall_clock, right.wall_clock);
    change(left.disk_read_bytes, right.disk_read_bytes);
    change(left.disk_write_bytes, right.disk_write_bytes);
    change(left.disk_reads, right.disk_reads);
    change(left.disk_writes, right.disk_writes);
    change(left.received_bytes, right.received_bytes);
    change(left.sent_bytes, right.sent_bytes);
}

void add_sums(ResourceUse& to, ResourceUse const& part) {
    for_each_sum(to, part, [](auto& sum, auto const& number) { sum += number; });
}

// What has come since `before`, which is then `now`. A process that nobody waited for takes its numbers along
// when it ends, so that less may be known now.
ResourceUse take_growth(ResourceUse& before, ResourceUse now) {
    for_each_sum(before, now, [](auto& then, auto const& number) { then = std::min(then, number); });
    auto growth = now;
    for_each_sum(growth, before, [](auto& sum, auto const& then) { sum -= then; });
    before = now;
    return growth;
}

std::uint64_t taken_bytes(std::filesystem::path const& disk) {
    struct ::statvfs numbers {};
    if (::statvfs(disk.c_str(), &numbers) != 0) return 0;
    return (numbers.f_blocks - numbers.f_bfree) * numbers.f_frsize;
}

}  // namespace

UseMeter::Run::Run(UseMeter& meter, std::string pool_id, std::string node_id) : meter_(meter) {
    std::scoped_lock const lock(meter_.mutex_);
    auto& node = meter_.pools_[std::move(pool_id)][std::move(node_id)];
    if (!node) node = std::make_shared<Node>();
    node_ = node;
    live_ = node_->runs.insert(node_->runs.end(), Live{meter_.clock_.now(), 0, std::nullopt, {}, {}});
}

UseMeter::Run::~Run() {
    std::scoped_lock const lock(meter_.mutex_);
    live_->over.wall_clock = meter_.clock_.now() - live_->began;
    add_sums(node_->over, live_->over);
    node_->runs.erase(live_);
}

void UseMeter::Run::process_begins(pid_t leader) {
    std::scoped_lock const lock(meter_.mutex_);
    live_->leader = leader;
}

void UseMeter::Run::process_ends() {
    auto const use = read_process_use(live_->leader);
    std::scoped_lock const lock(meter_.mutex_);
    add_sums(live_->over, use);
    live_->leader = 0;
}

void UseMeter::Run::thread_begins() {
    clockid_t clock{};
    if (::pthread_getcpuclockid(::pthread_self(), &clock) != 0) return;
    std::scoped_lock const lock(meter_.mutex_);
    live_->thread = clock;
    live_->thread_began = time_of(clock);
}

void UseMeter::Run::thread_ends() {
    std::scoped_lock const lock(meter_.mutex_);
    if (live_->thread) live_->over.cpu_time += time_of(*live_->thread) - live_->thread_began;
    live_->thread.reset();
}

void UseMeter::Run::received(std::uint64_t bytes) {
    std::scoped_lock const lock(meter_.mutex_);
    live_->over.received_bytes += bytes;
}

void UseMeter::Run::sent(std::uint64_t bytes) {
    std::scoped_lock const lock(meter_.mutex_);
    live_->over.sent_bytes += bytes;
}

UseMeter::Groups UseMeter::groups_of(std::string const& pool_id) {
    std::scoped_lock const lock(mutex_);
    Groups groups;
    auto const pool = pools_.find(pool_id);
    if (pool == pools_.end()) return groups;
    for (auto const& [id, node] : pool->second)
        for (auto const& run : node->runs)
            if (run.leader != 0) groups.try_emplace(run.leader);
    return groups;
}

ResourceUse UseMeter::sum_of(Node const& node, Groups const& groups) const {
    auto sum = node.over;
    for (auto const& run : node.runs) {
        add_sums(sum, run.over);
        sum.wall_clock += clock_.now() - run.began;
        if (run.thread) sum.cpu_time += time_of(*run.thread) - run.thread_began;
        auto const group = groups.find(run.leader);
        if (group == groups.end()) continue;
        add_sums(sum, group->second);
        sum.memory_bytes += group->second.memory_bytes;
    }
    return sum;
}

ResourceUse UseMeter::take(std::string const& pool_id) {
    auto groups = groups_of(pool_id);
    for (auto& [leader, use] : groups)
        use = read_tree_use(leader);
    ResourceUse all;
    all.disk_bytes = taken_bytes(disk_);
    std::scoped_lock const lock(mutex_);
    auto const pool = pools_.find(pool_id);
    if (pool == pools_.end()) return all;
    for (auto const& [id, node] : pool->second) {
        auto const growth = take_growth(node->taken, sum_of(*node, groups));
        add_sums(all, growth);
        all.memory_bytes += growth.memory_bytes;
    }
    return all;
}

void UseMeter::forget(std::string const& pool_id, std::string const& node_id) {
    std::scoped_lock const lock(mutex_);
    auto const pool = pools_.find(pool_id);
    if (pool == pools_.end()) return;
    pool->second.erase(node_id);
    if (pool->second.empty()) pools_.erase(pool);
}

}  // namespace bluebatch::emulator::node
