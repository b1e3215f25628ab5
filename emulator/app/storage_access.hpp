#pragma once

#include "emulator/app/options.hpp"
#include "emulator/node/blob_locator.hpp"
#include "emulator/node/identity_access.hpp"
#include "emulator/node/resource_files.hpp"
#include "shared/base/clock.hpp"

namespace bluebatch::emulator::app {

// How nodes come into our own Blob service without keys of users. What the functions refer to outlives them.

// Containers of the first Blob account stand for the storage account that is linked to a Batch account in
// Azure.
node::AutoStorage auto_storage(Options const& options, node::BlobEndpoint blob, base::Clock& clock);

// Identities that all pools have may read and write all containers of all our accounts; there is nobody here
// who grants roles.
node::IdentityAccess identity_access(Options const& options, node::BlobEndpoint blob, base::Clock& clock);

}  // namespace bluebatch::emulator::app
