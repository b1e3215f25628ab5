#pragma once

#include "emulator/blob/context.hpp"
#include "emulator/blob/target.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

#include <vector>

// Cross-origin requests of browsers, by the rules in the service properties of an account.
namespace bluebatch::emulator::blob {

// Answers OPTIONS: CorsPreflightFailure when no rule allows what is announced.
azure::StorageResult<http::Response> answer_preflight(
    Context const& context, http::RequestHead const& head, Target const& target
);

// Lets the page read an answer, where a rule allows it, and tells caches when the answer depends on the page.
// `headers` are all that the answer has.
void add_cors_headers(
    Context const& context, http::RequestHead const& head, BlobAccounts& accounts, http::Headers& headers
);

}  // namespace bluebatch::emulator::blob
