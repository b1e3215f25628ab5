#pragma once

#include "emulator/batch/service/context.hpp"
#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

// What a pool refers to must be there: InvalidCertificateReferences for certificates that are not, or not
// active; InvalidApplicationPackageReferences for packages, which need a default version where none is named.
// Batch: APP-1
std::optional<BatchError> check_references(storage::Connection& connection, wire::Json const& pool);

// UnsupportedProperty for containers on a machine that can't run any.
std::optional<BatchError> check_containers(Context const& context, wire::Json const& pool);

}  // namespace bluebatch::emulator::batch::service
