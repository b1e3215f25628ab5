#include "emulator/scheduler/subtasks.hpp"

#include "emulator/scheduler/tasks.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/subtask_store.hpp"

#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

using domain::SubtaskState;

NodeEntry& node_of_subtask(Turn& turn, Gang const& gang, domain::Subtask const& subtask) {
    return node_of(turn, gang.coordinations[static_cast<std::size_t>(subtask.id)]);
}

// Among the recent tasks of the node.
void show_on_node(Turn& turn, NodeEntry& node, domain::Task task, domain::Subtask const& subtask) {
    task.execution.start_time = subtask.start_time;
    task.execution.end_time = subtask.end_time;
    task.execution.exit_code = subtask.exit_code;
    task.execution.result = subtask.result;
    task.execution.failure = subtask.failure;
    note_recent_task(node.row, task, subtask.id);
    turn.world.note_unwritten(node, Unwritten::work);
}

void forget(Turn& turn, Gang const& gang) {
    Run const& run = turn.world.runs.at(gang.coordinations.front());
    std::string const& job_id = turn.world.jobs.at(run.job).id;
    for (domain::Subtask const& subtask : gang.subtasks) {
        forget_recent_task(node_of_subtask(turn, gang, subtask).row, job_id, run.task_id);
        remove_files(turn, subtask.place, job_id, run.task_id);
    }
}

}  // namespace

NodeEntry& node_of(Turn& turn, domain::RunId run) {
    return turn.world.nodes.at(turn.world.runs.at(run).node);
}

void add_subtask(Turn const& turn, Gang& gang, NodeEntry const& node) {
    domain::Subtask subtask;
    subtask.id = static_cast<int>(gang.subtasks.size()) + 1;
    subtask.state_transition_time = turn.now;
    subtask.place = {node.row.pool_id, node.row.id};
    gang.subtasks.push_back(std::move(subtask));
}

void begin_subtasks(Turn const& turn, Gang& gang, domain::Task const& task) {
    bool const have_waited = task.previous_state == domain::TaskState::preparing;
    for (domain::Subtask& subtask : gang.subtasks) {
        if (have_waited) move_to(subtask, SubtaskState::running, turn.now);
        subtask.state = SubtaskState::running;
        subtask.start_time = turn.now;
    }
}

// One whose command was ended early, or never ran, has not succeeded. Batch: MI-5
void complete_subtasks(Turn const& turn, Gang& gang) {
    for (domain::Subtask& subtask : gang.subtasks) {
        if (!subtask.exit_code && !subtask.failure) subtask.failure = domain::task_ended();
        subtask.result = subtask.failure ? domain::TaskResult::failure : domain::TaskResult::success;
        subtask.end_time = turn.now;
        move_to(subtask, SubtaskState::completed, turn.now);
    }
}

void store_subtasks(Turn& turn, Gang const& gang, domain::Task const& task) {
    for (domain::Subtask const& subtask : gang.subtasks) {
        storage::put_subtask(turn.transaction, task.sequence, subtask);
        show_on_node(turn, node_of_subtask(turn, gang, subtask), task, subtask);
    }
}

void store_end_of_subtasks(Turn& turn, Gang const& gang, std::int64_t sequence) {
    auto const task = storage::find_task_by_sequence(turn.store(), sequence);
    if (!task) return forget(turn, gang);
    if (task->state == domain::TaskState::active) {
        storage::delete_subtasks(turn.transaction, sequence);
        for (domain::Subtask const& subtask : gang.subtasks)
            note_recent_task(node_of_subtask(turn, gang, subtask).row, *task, subtask.id);
        return;
    }
    store_subtasks(turn, gang, *task);
    for (domain::Subtask const& subtask : gang.subtasks) {
        NodeEntry& node = node_of_subtask(turn, gang, subtask);
        domain::Task part = *task;
        part.execution.result = subtask.result;
        note_completed_task(node.row, part);
        retain_files(turn, node, *task);
    }
}

}  // namespace bluebatch::emulator::scheduler
