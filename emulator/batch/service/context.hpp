#pragma once

#include "emulator/domain/messages.hpp"
#include "emulator/domain/quotas.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "shared/azure/batch_error.hpp"
#include "shared/base/random.hpp"

// The use cases of the service. Each is one transaction: it reads what is there, decides, writes, and tells
// the scheduler once that is committed.
namespace bluebatch::emulator::batch::service {

using azure::BatchError;
using azure::BatchErrorCode;
template <class T>
using Result = azure::BatchResult<T>;

struct Context {
    storage::Database& database;
    domain::ChangeSink const& changes;
    base::Random& random;
    base::TimePoint now;
    domain::Quotas quotas = {};
    bool runs_containers = false;
};

// A user's change moves lastModified, and with it the entity tag, even within one tick. Batch: REST-21
template <class Entity>
void touch(Entity& entity, base::TimePoint now) {
    entity.last_modified = std::max(now, entity.last_modified + base::Ticks{1});
}

inline void announce(storage::Transaction& transaction, Context const& context, domain::Change change) {
    transaction.after_commit([&changes = context.changes, change = std::move(change)] {
        if (changes) changes(change);
    });
}

inline BatchError invalid_state(std::string reason) {
    return {BatchErrorCode::operation_invalid_for_current_state, {{"Reason", std::move(reason)}}};
}

}  // namespace bluebatch::emulator::batch::service
