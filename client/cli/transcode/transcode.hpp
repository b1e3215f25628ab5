#pragma once

#include "client/cli/connection.hpp"
#include "client/cli/exit_status.hpp"
#include "client/cli/options.hpp"

#include <string>

namespace bluebatch::cli {

// The whole of the tutorial: upload, pool, job, tasks, monitor, fetch, clean up.
ExitStatus run(TranscodeOptions const& options, World const& world);

namespace transcode {
struct Plan;

// Names the work before anything is connected; makes the output folder and sees that it can be written to.
Outcome<Plan> prepare(TranscodeOptions const& options, std::string const& run, Console& console);
// Over a connection that is there already.
ExitStatus run(TranscodeOptions const& options, Plan const& plan, World const& world, Connection& connection);
}  // namespace transcode

}  // namespace bluebatch::cli
