#pragma once

#include "client/cli/commands/context.hpp"

namespace bluebatch::cli {

// The last lines of a blob, and with --follow what is appended to it, until somebody stops it.
Outcome<ExitStatus> tail_blob(CommandContext const& context);

}  // namespace bluebatch::cli
