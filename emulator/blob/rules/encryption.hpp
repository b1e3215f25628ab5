#pragma once

#include "emulator/storage/blob/records.hpp"
#include "shared/azure/storage_error.hpp"

#include <optional>
#include <string>

// Who may read and write what is encrypted with a customer's key, and which scope a new blob gets.
namespace bluebatch::emulator::blob::rules {

// What a request says of encryption.
struct EncryptionRequest {
    std::string key{};         // 32 bytes; empty: none given
    std::string key_sha256{};  // of the key
    std::string scope{};       // empty: none given
};

// BlobUsesCustomerSpecifiedEncryption, BlobDoesNotUseCustomerSpecifiedEncryption,
// BlobCustomerSpecifiedEncryptionMismatch.
std::optional<azure::StorageErrorCode> find_key_fault(
    storage::blob::Encryption const& encryption, EncryptionRequest const& request
);

// How a new blob of the container is encrypted. RequestForbiddenByContainerEncryptionPolicy when the
// container insists on its own scope.
azure::StorageResult<storage::blob::Encryption> choose_encryption(
    storage::blob::Container const& container, EncryptionRequest const& request
);

}  // namespace bluebatch::emulator::blob::rules
