#include "emulator/blob/rules/encryption.hpp"

namespace bluebatch::emulator::blob::rules {

using azure::StorageErrorCode;

std::optional<StorageErrorCode> find_key_fault(
    storage::blob::Encryption const& encryption, EncryptionRequest const& request
) {
    if (encryption.key_sha256 == request.key_sha256) return std::nullopt;
    if (request.key_sha256.empty()) return StorageErrorCode::blob_uses_customer_specified_encryption;
    return encryption.key_sha256.empty() ? StorageErrorCode::blob_does_not_use_customer_specified_encryption
                                         : StorageErrorCode::blob_customer_specified_encryption_mismatch;
}

azure::StorageResult<storage::blob::Encryption> choose_encryption(
    storage::blob::Container const& container, EncryptionRequest const& request
) {
    bool const is_other = !request.key.empty() ||
                          (!request.scope.empty() && request.scope != container.default_encryption_scope);
    if (container.denies_scope_override && is_other) {
        return StorageErrorCode::request_forbidden_by_container_encryption_policy;
    }
    if (!request.key.empty()) return storage::blob::Encryption{{}, request.key_sha256};
    auto const& scope = request.scope.empty() ? container.default_encryption_scope : request.scope;
    return storage::blob::Encryption{scope, {}};
}

}  // namespace bluebatch::emulator::blob::rules
