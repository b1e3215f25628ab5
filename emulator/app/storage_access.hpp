#pragma once

#include "emulator/app/batch_account.hpp"
#include "emulator/node/blob_locator.hpp"
#include "emulator/node/identity_access.hpp"
#include "emulator/node/resource_files.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::app {

// How nodes come into our own Blob service without keys of users. What the functions refer to outlives them.

// The storage account of a Batch account; "" when it is to have none. As long as nobody has said which that
// is, it is the first Blob account.
std::string auto_storage_name(std::optional<std::string> const& linked, blob::BlobAccounts const& accounts);

// Containers of the storage account that is linked to the Batch account.
node::AutoStorage auto_storage(
    Surroundings const& surroundings, node::BlobEndpoint blob, std::string batch_account
);

// Identities that all pools have may read and write all containers of all our accounts; there is nobody here
// who grants roles.
node::IdentityAccess identity_access(Surroundings const& surroundings, node::BlobEndpoint blob);

}  // namespace bluebatch::emulator::app
