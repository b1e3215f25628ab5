#pragma once

#include "client/cli/transcode/run_context.hpp"

namespace bluebatch::cli::transcode {

// After a run that went its way: the inputs, and their container unless others use it. Results stay in the
// output container.
void delete_inputs(RunContext& context);

// Asks, and deletes what this run made and nobody wants to keep.
void offer_to_delete_job_and_pool(RunContext& context);

// After a run that was interrupted or failed half way: all that it made, without asking, except what is to be
// kept. Says what it does and what it could not do.
void clean_up_everything(RunContext& context);

}  // namespace bluebatch::cli::transcode
