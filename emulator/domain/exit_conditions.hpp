#pragma once

#include "emulator/domain/job.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/words.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::domain {

enum class JobAction : std::uint8_t { none, disable, terminate };
template <>
inline constexpr auto kWords<JobAction> = std::to_array<std::string_view>({"none", "disable", "terminate"});

enum class DependencyAction : std::uint8_t { satisfy, block };
template <>
inline constexpr auto kWords<DependencyAction> = std::to_array<std::string_view>({"satisfy", "block"});

// What a user wants to happen; what is not said has its default. Batch: TASK-39
struct ExitOptions {
    std::optional<JobAction> job_action;
    std::optional<DependencyAction> dependency_action;
};

struct ExitCodeRange {
    int start = 0;
    int end = 0;  // included
    ExitOptions options;
};

// Batch: TASK-37; a single code is a range of one, and goes before wider ones.
struct ExitConditions {
    std::vector<ExitCodeRange> exit_codes;
    std::vector<ExitCodeRange> exit_code_ranges;
    std::optional<ExitOptions> pre_processing_error;
    std::optional<ExitOptions> file_upload_error;
    std::optional<ExitOptions> otherwise;  // "default"
};

struct ExitActions {
    JobAction job = JobAction::none;
    DependencyAction dependency = DependencyAction::satisfy;

    bool operator==(ExitActions const&) const = default;
};

// What follows from how a task was completed. Batch: TASK-38 to TASK-40
ExitActions exit_actions(TaskExecution const& execution, ExitConditions const& conditions);

// The job's manager is over; false when the job goes on. Batch: JM-2
bool take_manager_end(Job& job, std::string_view task_id, base::TimePoint now);

// Carries out what a task wants to happen to its job; false when nothing changes. Batch: JOB-26, JOB-27
bool take_exit_action(Job& job, JobAction action, base::TimePoint now);

}  // namespace bluebatch::emulator::domain
