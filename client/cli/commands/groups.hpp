#pragma once

#include "client/cli/commands/command.hpp"

namespace bluebatch::cli {

CommandGroup pool_commands();
CommandGroup node_commands();
CommandGroup job_commands();
CommandGroup task_commands();
CommandGroup file_commands();
CommandGroup container_commands();
CommandGroup blob_commands();
CommandGroup account_commands();

}  // namespace bluebatch::cli
