#pragma once

#include "emulator/blob/rules/encryption.hpp"
#include "shared/azure/storage_error.hpp"
#include "shared/http/message.hpp"

// x-ms-encryption-key, -key-sha256, -algorithm and x-ms-encryption-scope.
namespace bluebatch::emulator::blob::wire {

// A customer's key goes with its hash, which is checked, and with no scope.
azure::StorageResult<rules::EncryptionRequest> read_encryption(http::Headers const& headers);

// What a container wants: x-ms-default-encryption-scope and x-ms-deny-encryption-scope-override.
struct ContainerEncryption {
    std::string default_scope;
    bool denies_override = false;
};
azure::StorageResult<ContainerEncryption> read_container_encryption(http::Headers const& headers);

// Tells how a blob is encrypted.
void add_encryption(http::Headers& headers, storage::blob::Encryption const& encryption);

}  // namespace bluebatch::emulator::blob::wire
