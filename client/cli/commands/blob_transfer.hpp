#pragma once

#include "client/cli/commands/context.hpp"

namespace bluebatch::cli {

Outcome<ExitStatus> upload_blobs(CommandContext const& context);
Outcome<ExitStatus> download_blobs(CommandContext const& context);
// Makes a container's folder like one of this machine, or with --down the other way round.
Outcome<ExitStatus> sync_blobs(CommandContext const& context);

}  // namespace bluebatch::cli
