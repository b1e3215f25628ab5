#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/task.hpp"
#include "emulator/domain/words.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>

namespace bluebatch::emulator::domain {

enum class SubtaskState : std::uint8_t { preparing, running, completed };
template <>
inline constexpr auto kWords<SubtaskState> =
    std::to_array<std::string_view>({"preparing", "running", "completed"});

// What one node did for the present or latest try of a multi-instance task; the primary, number 0, is the
// task itself. It is over when the whole task is, and its exit code is that of the coordination command.
// Batch: MI-3, MI-6, MI-7
struct Subtask {
    int id = 0;
    SubtaskState state = SubtaskState::preparing;
    base::TimePoint state_transition_time;
    std::optional<SubtaskState> previous_state;
    std::optional<base::TimePoint> previous_state_transition_time;
    std::optional<base::TimePoint> start_time;
    std::optional<base::TimePoint> end_time;
    std::optional<int> exit_code;
    std::optional<TaskResult> result;
    std::optional<FailureInfo> failure;
    TaskPlace place;
};

// Sets state and the transition times.
void move_to(Subtask& subtask, SubtaskState state, base::TimePoint now);

}  // namespace bluebatch::emulator::domain
