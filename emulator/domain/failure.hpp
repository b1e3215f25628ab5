#pragma once

#include "emulator/domain/words.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

enum class ErrorCategory : std::uint8_t { user_error, server_error };
template <>
inline constexpr auto kWords<ErrorCategory> = std::to_array<std::string_view>({"UserError", "ServerError"});

struct NameValue {
    std::string name;
    std::string value;

    bool operator==(NameValue const&) const = default;
};

// Why a task or start task failed. Batch: TASK-33, TASK-34
struct FailureInfo {
    ErrorCategory category = ErrorCategory::user_error;
    std::string code;  // "FailureExitCode", "BlobNotFound", "TaskEnded" ...
    std::string message;
    std::vector<NameValue> details;

    bool operator==(FailureInfo const&) const = default;
};

// The failures that several parts of the emulator report. Batch: TASK-26, TASK-28, TASK-34
FailureInfo failure_exit_code();
FailureInfo task_ended();
FailureInfo max_wall_clock_time_exceeded();

// Whether it was ended before it was over, by a user or by its limit of time.
bool is_stop(FailureInfo const& failure);
// Whether output files could not be uploaded. Batch: OUT-10
bool is_upload_error(FailureInfo const& failure);

}  // namespace bluebatch::emulator::domain
