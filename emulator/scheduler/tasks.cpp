#include "emulator/scheduler/tasks.hpp"

#include "emulator/scheduler/gangs.hpp"
#include "emulator/scheduler/nodes.hpp"
#include "emulator/scheduler/preemption.hpp"
#include "emulator/scheduler/preparations.hpp"
#include "emulator/scheduler/runs.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "emulator/storage/batch/dependency_store.hpp"
#include "emulator/storage/batch/subtask_store.hpp"
#include "emulator/storage/batch/task_change.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::scheduler {

namespace {

// How much one transaction takes: enough to make its cost small, little enough that others get the lock soon.
constexpr int kDecisionsPerTurn = 512;
constexpr int kPage = 1000;
constexpr int kExpiredPerTurn = 200;
constexpr base::Ticks kRetentionPeriod = std::chrono::minutes{1};
constexpr base::Ticks kNextBatch = std::chrono::milliseconds{10};
constexpr std::string_view kAffinityPrefix = "TVM:";  // Batch: NODE-6

// The node that a task would like; empty when it has no wish or there is no such node. Batch: SLOT-11
NodeEntry const* find_preferred(World& world, domain::Task const& task) {
    std::string_view id = task.affinity_id;
    if (base::starts_with_ignoring_case(id, kAffinityPrefix)) id.remove_prefix(kAffinityPrefix.size());
    return id.empty() ? nullptr : world.find_node(std::string(id));
}

void give_up(Turn& turn, Assignment const& assignment) {
    turn.world.placement.release(assignment.node, assignment.job, assignment.slots);
    for (NodeKey const node : assignment.others)
        turn.world.placement.release_slots(node, assignment.slots);
}

std::optional<domain::Task> find_task_of(Turn& turn, Run const& run) {
    return storage::find_task_of_job(turn.store(), turn.world.jobs.at(run.job).id, run.task.sequence);
}

// Of a task that was read in this turn.
void store_begun(Turn& turn, JobKey job, domain::Task const& task, storage::TaskShare const& before) {
    storage::update_begun_task(turn.transaction, task, before, static_cast<std::int64_t>(job));
}

void assign_task(Turn& turn, Assignment assignment) {
    World& world = turn.world;
    JobEntry& job = world.jobs.at(assignment.job);
    auto task = storage::find_task_of_job(turn.store(), job.id, assignment.task.sequence);
    bool const stale = !task || task->state != domain::TaskState::active || task->is_blocked ||
                       WaitingTask{task->sequence, task->required_slots, task->instances} != assignment.task;
    if (stale) return give_up(turn, assignment);
    if (Run* const earlier = world.find_run(job.key, task->id)) {
        // A deleted task of this id still has its processes in the directory that the new one would use.
        earlier->successor = assignment.task;
        return give_up(turn, assignment);
    }
    if (auto const* const wanted = find_preferred(world, *task))
        world.placement.prefer(assignment, wanted->key);
    if (task->instances > 0) return assign_gang(turn, assignment, std::move(*task));
    NodeEntry& node = world.nodes.at(assignment.node);
    bool const prepared = is_prepared(turn, job, node);
    bool const goes_out = prepared && may_go_out(turn) && world.queued.empty();
    auto const state = goes_out ? domain::TaskState::running : domain::TaskState::preparing;
    auto const before = storage::share_of(*task);
    assign(*task, {node.row.pool_id, node.row.id}, state, turn.now);
    store_begun(turn, job.key, *task, before);
    if (node.row.state == domain::NodeState::idle) node.row.state_transition_time = turn.now;
    take_slots(node.row, task->required_slots);
    note_recent_task(node.row, *task);
    world.note_unwritten(node, Unwritten::work);
    Run& run = add_task_run(turn, job, node, *task, assignment.slots);
    if (goes_out) {
        send_out(turn, run, read_specification(turn, job, *task));
    } else if (!prepared) {
        wait_for_preparation(node, run);
    } else {
        world.queued.push_back(run.id);
    }
}

// The end of a run whose task was deleted meanwhile.
void clean_up_after(Turn& turn, Run const& run) {
    domain::Node& node = turn.world.nodes.at(run.node).row;
    std::string const& job_id = turn.world.jobs.at(run.job).id;
    forget_recent_task(node, job_id, run.task_id);
    remove_files(turn, {node.pool_id, node.id}, job_id, run.task_id);
}

// Batch: JOB-26, JM-2, TASK-44
void act_on_end(Turn& turn, JobKey key, domain::Task const& task) {
    auto job = storage::find_job(turn.store(), turn.world.jobs.at(key).id);
    if (!job) return;
    auto const conditions = turn.readers.read_exit_conditions(task.document);
    auto const actions = domain::exit_actions(task.execution, conditions);
    if (job->uses_task_dependencies && actions.dependency == domain::DependencyAction::satisfy) {
        auto const unblocked =
            storage::satisfy_dependents(turn.transaction, job->id, task.id, turn.readers.read_dependencies);
        for (auto const& other : unblocked)
            turn.world.placement.put_back(key, {other.sequence, other.required_slots, other.instances});
    }
    bool const is_over = domain::take_manager_end(*job, task.id, turn.now);
    if (is_over || domain::take_exit_action(*job, actions.job, turn.now)) {
        storage::update_job(turn.transaction, *job);
        turn.world.unsettled_jobs.insert(key);
    }
}

// The end of a run whose task is still there, in whichever state the rules brought it to.
void store_outcome(Turn& turn, Run const& run, domain::Task const& task, storage::TaskShare const& before) {
    storage::update_ended_task(turn.transaction, task, before, static_cast<std::int64_t>(run.job));
    NodeEntry& node = turn.world.nodes.at(run.node);
    note_recent_task(node.row, task);
    if (task.state == domain::TaskState::active) {
        turn.world.placement.put_back(run.job, run.task);
        return;
    }
    note_completed_task(node.row, task);
    if (turn.world.jobs.at(run.job).acts_on_ends) act_on_end(turn, run.job, task);
    retain_files(turn, node, task);
}

void remove_files_named(Turn& turn, domain::Change const& change) {
    if (change.place) remove_files(turn, *change.place, change.id, change.task_id);
    for (domain::TaskPlace const& place : change.subtask_places)
        remove_files(turn, place, change.id, change.task_id);
}

}  // namespace

domain::TaskSpecification read_specification(Turn& turn, JobEntry& job, domain::Task const& task) {
    if (!job.document) {
        auto row = storage::find_job(turn.store(), job.id);
        job.document = std::make_shared<std::string const>(row ? std::move(row->document) : std::string());
    }
    domain::TaskSpecification specification = turn.readers.read_task(*job.document, task);
    specification.constraints = task.constraints;
    return specification;
}

bool is_under_way(std::optional<domain::Task> const& task) {
    return task && (task->state == domain::TaskState::preparing || task->state == domain::TaskState::running);
}

void remove_files(Turn& turn, domain::TaskPlace place, std::string job_id, std::string task_id) {
    turn.outbox.others.push_back([place = std::move(place),
                                  job_id = std::move(job_id),
                                  task_id = std::move(task_id)](domain::Nodes& nodes) {
        nodes.remove_task_files(place.pool_id, place.node_id, job_id, task_id);
    });
}

void retain_files(Turn const& turn, NodeEntry& node, domain::Task const& task) {
    base::Ticks const retention = task.constraints.retention_time;
    bool const for_ever = retention >= base::TimePoint::max() - turn.now;
    node.retained_until =
        std::max(node.retained_until, for_ever ? base::TimePoint::max() : turn.now + retention);
}

void read_page(Turn& turn, PageWanted const& wanted) {
    JobEntry const& job = turn.world.jobs.at(wanted.job);
    std::vector<WaitingTask> page;
    for (auto const& [sequence, slots, instances] :
         storage::list_waiting_tasks(turn.store(), job.id, wanted.after, kPage))
        page.push_back({sequence, slots, instances});
    auto const follows = page.size() == kPage ? Placement::Page::more_follows : Placement::Page::last;
    turn.world.placement.page_read(wanted.job, page, follows);
}

Left place_tasks(Turn& turn) {
    for (int i = 0; i < kDecisionsPerTurn; ++i) {
        Placement::Decision const decision = turn.world.placement.next();
        if (auto const* wanted = std::get_if<PageWanted>(&decision)) {
            read_page(turn, *wanted);
        } else if (auto const* assignment = std::get_if<Assignment>(&decision)) {
            assign_task(turn, *assignment);
        } else {
            make_room(turn);
            return Left::nothing;
        }
    }
    return Left::more;
}

void send_prepared_task(Turn& turn, Run& run) {
    auto task = find_task_of(turn, run);
    if (!task || task->state != domain::TaskState::preparing || task->termination_requested) {
        end_queued_task(turn, run, domain::StopReason::terminated, RequeueKind::counted);
        return;
    }
    auto const before = storage::share_of(*task);
    begin_run(*task, turn.now);
    store_begun(turn, run.job, *task, before);
    NodeEntry& node = turn.world.nodes.at(run.node);
    note_recent_task(node.row, *task);
    turn.world.note_unwritten(node, Unwritten::work);
    send_out(turn, run, read_specification(turn, turn.world.jobs.at(run.job), *task));
}

void take_task_report(Turn& turn, Run& run, domain::RunReport const& report) {
    auto task = find_task_of(turn, run);
    if (is_under_way(task)) {
        domain::JobState const job_state = turn.world.jobs.at(run.job).state;
        bool const job_is_over =
            job_state == domain::JobState::terminating || job_state == domain::JobState::deleting;
        auto const before = storage::share_of(*task);
        finish_run(*task, report, run.requeue_kind, job_is_over ? Retries::none : Retries::allowed, turn.now);
        store_outcome(turn, run, *task, before);
    } else if (!task) {
        clean_up_after(turn, run);
    }
    close_run(turn, run.id);
}

void end_queued_task(Turn& turn, Run& run, domain::StopReason reason, RequeueKind requeue_kind) {
    auto task = find_task_of(turn, run);
    if (is_under_way(task)) {
        auto const before = storage::share_of(*task);
        finish_unstarted(*task, reason, requeue_kind, turn.now);
        store_outcome(turn, run, *task, before);
    } else if (!task) {
        clean_up_after(turn, run);
    }
    close_run(turn, run.id);
}

void task_changed(Turn& turn, domain::Change const& change) {
    World& world = turn.world;
    auto const task = storage::find_task(turn.store(), change.id, change.task_id);
    JobEntry* const job = world.find_job(change.id);
    Run* const run = job != nullptr ? world.find_run(job->key, change.task_id) : nullptr;
    if (job != nullptr) world.unsettled_jobs.insert(job->key);
    if (run != nullptr) {
        bool const gone = !task || task->sequence != run->task.sequence;
        if (gone || task->termination_requested) {
            stop_run(turn, run->id, domain::StopReason::terminated, RequeueKind::counted);
        } else if (run->phase == Run::Phase::out && task->execution.start_time) {
            limit_wall_clock(turn, *run, *task->execution.start_time, task->constraints.max_wall_clock_time);
        }
        return;
    }
    if (!task) {
        remove_files_named(turn, change);
    } else if (job != nullptr && task->state == domain::TaskState::active && !task->is_blocked) {
        if (!task->place) remove_files_named(turn, change);
        world.placement.put_back(job->key, {task->sequence, task->required_slots, task->instances});
    }
}

void remove_expired_files(Turn& turn) {
    auto const expired = storage::list_expired_tasks(turn.store(), turn.now, kExpiredPerTurn);
    for (domain::Task const& task : expired) {
        if (task.place) remove_files(turn, *task.place, task.job_id, task.id);
        if (task.instances > 0) {
            for (auto const& subtask : storage::list_subtasks(turn.store(), task.sequence))
                remove_files(turn, subtask.place, task.job_id, task.id);
        }
        storage::mark_files_removed(turn.transaction, task.sequence);
    }
    bool const more = expired.size() == kExpiredPerTurn;
    turn.world.timers.add({turn.now + (more ? kNextBatch : kRetentionPeriod), Timer::Kind::retention, 0});
}

}  // namespace bluebatch::emulator::scheduler
