#pragma once

#include "emulator/domain/accounts.hpp"
#include "emulator/domain/quotas.hpp"
#include "emulator/resources/wire/answers.hpp"
#include "emulator/storage/resources/resource_store.hpp"

#include <string_view>

// Batch accounts as Microsoft.Batch writes them. A document holds the members that were given.
namespace bluebatch::emulator::resources::wire {

// Of an account that nobody made through the resource manager.
Json plain_batch_document();

// What is asked for that the emulator does not have, or "".
std::string_view find_unsupported_batch(Json const& given);

// Where its data plane answers: "n.eastus.batch.azure.com".
std::string batch_host(storage::AccountRecord const& record);

// `storage_id` is that of the account for auto storage; empty: none.
Json to_json(
    domain::Account const& account,
    storage::AccountRecord const& record,
    domain::Quotas const& quotas,
    std::string_view storage_id
);
// {"accountName", "primary", "secondary"}
Json batch_keys(domain::Account const& account);

}  // namespace bluebatch::emulator::resources::wire
