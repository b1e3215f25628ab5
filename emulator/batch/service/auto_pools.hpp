#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/schema.hpp"

namespace bluebatch::emulator::batch::service {

// The pool of a job that names none. Where it can't be made, the job is over before it began.
// Batch: AUTO-2, AUTO-4
void make_auto_pool(
    storage::Transaction& transaction,
    Context const& context,
    domain::Job& job,
    wire::Json const& specification,
    wire::ApiVersion version
);

}  // namespace bluebatch::emulator::batch::service
