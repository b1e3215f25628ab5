#pragma once

#include "emulator/domain/accounts.hpp"
#include "emulator/resources/wire/answers.hpp"
#include "emulator/storage/resources/resource_store.hpp"

#include <optional>
#include <string_view>

// Storage accounts as Microsoft.Storage writes them. A document holds the members that were given.
namespace bluebatch::emulator::resources::wire {

// Of an account that nobody made through the resource manager.
Json plain_storage_document();

// Why the account can't be as `given` says, or nothing.
std::optional<Refusal> fault_of_storage(Json const& given);
// What is asked for that the emulator does not have, or "".
std::string_view find_unsupported_storage(Json const& given);

Refusal bad_storage_account_name(std::string_view name);
// Of a member of a request, or several.
Refusal bad_storage_values(std::string_view names);

Json to_json(domain::Account const& account, storage::AccountRecord const& record);
// {"keys": [...]}
Json storage_keys(domain::Account const& account);

}  // namespace bluebatch::emulator::resources::wire
