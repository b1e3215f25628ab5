#pragma once

#include "client/cli/transcode/run_context.hpp"

namespace bluebatch::cli::transcode {

// The containers input and output; one that is there already is used.
Outcome<void> prepare_containers(RunContext& context);

// Every input, several at a time.
Outcome<void> upload_inputs(RunContext& context);

}  // namespace bluebatch::cli::transcode
