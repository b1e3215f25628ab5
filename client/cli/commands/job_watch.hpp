#pragma once

#include "client/cli/commands/context.hpp"

namespace bluebatch::cli {

enum class WatchForm : std::uint8_t {
    quiet,  // nothing until the end
    live,   // a table that is redrawn on a terminal, a line for each change elsewhere
};

// Until all tasks of the job are completed: task_failed when one of them failed. A job without tasks is
// waited for until it ends itself.
Outcome<ExitStatus> watch_job(CommandContext const& context, std::string const& id, WatchForm form);

}  // namespace bluebatch::cli
