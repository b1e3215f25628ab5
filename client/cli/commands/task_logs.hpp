#pragma once

#include "client/cli/commands/context.hpp"

namespace bluebatch::cli {

// What a task has written to standard output and error, each to ours. With --follow until the task is
// completed, and then task_failed when it failed.
Outcome<ExitStatus> show_task_logs(CommandContext const& context);

}  // namespace bluebatch::cli
