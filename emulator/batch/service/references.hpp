#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

// What a pool refers to must be there: InvalidCertificateReferences for certificates that are not, or not
// active.
std::optional<BatchError> check_references(storage::Connection& connection, wire::Json const& pool);

}  // namespace bluebatch::emulator::batch::service
