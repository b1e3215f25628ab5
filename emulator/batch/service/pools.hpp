#pragma once

#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

struct PoolWithNodes {
    domain::Pool pool;
    storage::NodeNumbers nodes;
};

// Bodies are in the newest shape and have passed their rules.

// PoolExists, PoolBeingDeleted, PoolQuotaReached, and those of check_references().
Result<domain::Pool> add_pool(Context const& context, wire::Json body);
// PoolNotFound.
Result<PoolWithNodes> get_pool(Context const& context, std::string_view id, Conditions const& conditions);
std::vector<PoolWithNodes> list_pools(Context const& context, storage::ListQuery const& query);

// All of these: PoolNotFound, PoolBeingDeleted, ConditionNotMet.
Result<domain::Pool> delete_pool(Context const& context, std::string_view id, Conditions const& conditions);
// PoolBeingResized unless the pool is steady. Batch: POOL-10
Result<domain::Pool> resize_pool(
    Context const& context, std::string_view id, Conditions const& conditions, wire::Json const& body
);
// OperationInvalidForCurrentState unless the pool is resizing. Batch: POOL-14
Result<domain::Pool> stop_resize(Context const& context, std::string_view id, Conditions const& conditions);
// Batch: POOL-24
Result<domain::Pool> patch_pool(
    Context const& context, std::string_view id, Conditions const& conditions, wire::Json body
);
// Batch: POOL-25
Result<domain::Pool> replace_pool_properties(Context const& context, std::string_view id, wire::Json body);

// A pool from its body, as it stands before it is stored. Batch: POOL-2
domain::Pool make_pool(std::string id, wire::Json body, base::TimePoint now);

// Moves typed members of the body into the pool; what remains becomes its document.
void take_members(domain::Pool& pool, wire::Json& body);

}  // namespace bluebatch::emulator::batch::service
