#include "emulator/domain/exit_conditions.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::domain {
namespace {

// The first that matches. Batch: TASK-38
std::optional<ExitOptions> find_code(ExitConditions const& conditions, int code) {
    auto const matches = [code](ExitCodeRange const& range) {
        return range.start <= code && code <= range.end;
    };
    for (auto const* const ranges : {&conditions.exit_codes, &conditions.exit_code_ranges}) {
        auto const found = std::ranges::find_if(*ranges, matches);
        if (found != ranges->end()) return found->options;
    }
    return std::nullopt;
}

std::optional<ExitOptions> find_options(TaskExecution const& execution, ExitConditions const& conditions) {
    if (execution.exit_code) {
        if (auto options = find_code(conditions, *execution.exit_code)) return options;
    }
    if (!execution.failure) return std::nullopt;
    bool const was_stopped = is_stop(*execution.failure);
    if (!execution.exit_code && !was_stopped && conditions.pre_processing_error)
        return conditions.pre_processing_error;
    if (is_upload_error(*execution.failure) && conditions.file_upload_error)
        return conditions.file_upload_error;
    return conditions.otherwise;
}

}  // namespace

ExitActions exit_actions(TaskExecution const& execution, ExitConditions const& conditions) {
    auto const options = find_options(execution, conditions).value_or(ExitOptions{});
    bool const failed = execution.failure.has_value();
    return {
        options.job_action.value_or(failed ? JobAction::terminate : JobAction::none),
        options.dependency_action.value_or(failed ? DependencyAction::block : DependencyAction::satisfy),
    };
}

bool take_manager_end(Job& job, std::string_view task_id, base::TimePoint now) {
    bool const ends_job =
        job.manager && job.manager->kills_job && base::equal_ignoring_case(job.manager->task_id, task_id);
    if (!ends_job || is_ending(job.state)) return false;
    job.terminate_reason = "JMComplete";
    move_to(job, JobState::terminating, now);
    return true;
}

bool take_exit_action(Job& job, JobAction action, base::TimePoint now) {
    if (job.on_task_failure == OnTaskFailure::no_action) return false;
    if (action == JobAction::disable && job.state == JobState::active) {
        job.disable_tasks = DisableTasks::requeue;
        move_to(job, JobState::disabling, now);
        return true;
    }
    if (action == JobAction::terminate && !is_ending(job.state)) {
        job.terminate_reason = "TaskFailed";
        move_to(job, JobState::terminating, now);
        return true;
    }
    return false;
}

}  // namespace bluebatch::emulator::domain
