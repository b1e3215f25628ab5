#include "emulator/domain/job.hpp"
#include "emulator/domain/node.hpp"
#include "emulator/domain/node_directories.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/domain/subtask.hpp"
#include "emulator/domain/task.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::domain {

void move_to(Task& task, TaskState state, base::TimePoint now) {
    task.previous_state = task.state;
    task.previous_state_transition_time = task.state_transition_time;
    task.state = state;
    task.state_transition_time = now;
}

void move_to(Subtask& subtask, SubtaskState state, base::TimePoint now) {
    subtask.previous_state = subtask.state;
    subtask.previous_state_transition_time = subtask.state_transition_time;
    subtask.state = state;
    subtask.state_transition_time = now;
}

void move_to(Job& job, JobState state, base::TimePoint now) {
    bool const lasting =
        job.state == JobState::active || job.state == JobState::disabled || job.state == JobState::completed;
    if (lasting) {
        job.previous_state = job.state;
        job.previous_state_transition_time = job.state_transition_time;
    }
    job.state = state;
    job.state_transition_time = now;
}

void begin_resize(Pool& pool, base::TimePoint now) {
    pool.allocation_state = AllocationState::resizing;
    pool.allocation_state_transition_time = now;
    pool.resize_started = now;
    pool.resize_errors.clear();
}

void begin_deletion(Pool& pool, base::TimePoint now) {
    pool.state = PoolState::deleting;
    pool.state_transition_time = now;
    pool.node_deallocation_option = NodeDeallocationOption::requeue;
    begin_resize(pool, now);
}

bool is_ending(JobState state) {
    return state == JobState::terminating || state == JobState::completed || state == JobState::deleting;
}

bool takes_new_tasks(Node const& node) {
    return node.scheduling_state == SchedulingState::enabled &&
           (node.state == NodeState::idle || node.state == NodeState::running);
}

std::filesystem::path nodes_folder(std::filesystem::path const& location, std::string_view account) {
    return location / "nodes" / account;
}

std::filesystem::path trash_folder(std::filesystem::path const& location, std::string_view account) {
    return location / "trash" / account;
}

std::filesystem::path removed_folder(std::filesystem::path const& location) {
    return location / "removed";
}

NodeDirectories node_directories(
    std::filesystem::path const& location,
    std::string_view account,
    std::string_view pool_id,
    std::string_view node_id
) {
    return {nodes_folder(location, account) / base::to_lower(pool_id) / node_id};
}

}  // namespace bluebatch::emulator::domain
