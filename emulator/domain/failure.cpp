#include "emulator/domain/failure.hpp"

namespace bluebatch::emulator::domain {

FailureInfo failure_exit_code() {
    std::string const message = "The task exited with an exit code representing a failure";
    return {
        ErrorCategory::user_error,
        "FailureExitCode",
        message,
        {{"Message", message}, {"AdditionalErrorCode", "FailureExitCode"}},
    };
}

FailureInfo task_ended() {
    return {ErrorCategory::user_error, "TaskEnded", "Task was ended by user request", {}};
}

FailureInfo max_wall_clock_time_exceeded() {
    return {
        ErrorCategory::user_error,
        "MaxWallClockTimeExceeded",
        "The task was ended because it ran longer than its maxWallClockTime allows",
        {},
    };
}

bool is_stop(FailureInfo const& failure) {
    return failure.code == task_ended().code || failure.code == max_wall_clock_time_exceeded().code;
}

bool is_upload_error(FailureInfo const& failure) {
    return failure.code.starts_with("FileUpload");
}

}  // namespace bluebatch::emulator::domain
