#pragma once

#include "emulator/batch/service/conditions.hpp"

#include <string_view>

namespace bluebatch::emulator::batch::service {

// Gives a pool of a cloud service another version of its operating system, which means nothing to its nodes
// here. PoolNotFound, ConditionNotMet, PoolBeingDeleted, OperationNotValidOnPool for pools of other machines.
Result<domain::Pool> upgrade_os(
    Context const& context, std::string_view pool_id, Conditions const& conditions, std::string_view version
);

}  // namespace bluebatch::emulator::batch::service
