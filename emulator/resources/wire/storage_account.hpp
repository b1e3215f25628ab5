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

// What a body sets of an account, for its document; what an account can't be is refused.
Result<Json> read_storage(Json const& body);
// What an account needs that is yet to be made, or nothing.
std::optional<Refusal> fault_of_new_storage(Json const& given);
// What has been read goes into the document of its account.
void take_over_storage(Json const& given, Json& document);
// What is asked for that the emulator does not have, or "".
std::string_view find_unsupported_storage(Json const& given);

Refusal bad_storage_account_name(std::string_view name);
// Of a member of a request, or several.
Refusal bad_storage_values(std::string_view names);

Json to_json(domain::Account const& account, storage::AccountRecord const& record);
// {"keys": [...]}
Json storage_keys(domain::Account const& account);

}  // namespace bluebatch::emulator::resources::wire
