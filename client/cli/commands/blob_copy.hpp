#pragma once

#include "client/cli/commands/context.hpp"

namespace bluebatch::cli {

// Copies made by the service itself: nothing passes through this machine.
Outcome<ExitStatus> copy_blobs(CommandContext const& context);

}  // namespace bluebatch::cli
