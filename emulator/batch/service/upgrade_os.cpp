#include "emulator/batch/service/upgrade_os.hpp"

#include "emulator/batch/wire/json.hpp"

namespace bluebatch::emulator::batch::service {

using wire::Json;

Result<domain::Pool> upgrade_os(
    Context const& context, std::string_view pool_id, Conditions const& conditions, std::string_view version
) {
    storage::Transaction transaction(context.database);
    auto pool = storage::find_pool(transaction.connection(), pool_id);
    if (!pool) return BatchError{BatchErrorCode::pool_not_found, {}};
    if (auto const fault = check(conditions, pool->last_modified, Access::write)) return *fault;
    if (pool->state == domain::PoolState::deleting) return BatchError{BatchErrorCode::pool_being_deleted, {}};
    auto document = Json::parse(pool->document);
    if (!document.contains("cloudServiceConfiguration")) {
        return BatchError{
            BatchErrorCode::operation_not_valid_on_pool,
            {{"Reason", "Only pools created with cloudServiceConfiguration can be upgraded"}}};
    }
    document["cloudServiceConfiguration"]["osVersion"] = version;
    pool->document = wire::dump(document);
    touch(*pool, context.now);
    storage::update_pool(transaction, *pool);
    transaction.commit();
    return std::move(*pool);
}

}  // namespace bluebatch::emulator::batch::service
