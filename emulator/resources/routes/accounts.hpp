#pragma once

#include "emulator/resources/routes/call.hpp"

// What routes of accounts of both kinds have in common. The path names {group} and {account}.
namespace bluebatch::emulator::resources::routes {

// Nothing when there is none of that name in that group.
std::optional<service::Account> find_account(Call const& call, domain::AccountKind kind);
Refusal no_such_account(Call const& call, domain::AccountKind kind);
Result<service::Account> require_account(Call const& call, domain::AccountKind kind);

// Of an account that was given at the start: it is as if somebody had locked it.
Refusal locked(service::Account const& account, std::string_view operation);

// The body of a PUT or PATCH; its tags have been checked.
Result<Json> read_account(Call const& call);
// Where an account shall lie.
Result<std::string> read_location(Json const& body, std::string_view type);
// Accounts stay where they are.
std::optional<Refusal> fault_of_place(service::Account const& account, std::string_view location);

// As Microsoft.Batch says it, of an account that nodes and packages find no storage with.
Refusal no_auto_storage(Call const& call);

Json document_of(service::Account const& account);

}  // namespace bluebatch::emulator::resources::routes
