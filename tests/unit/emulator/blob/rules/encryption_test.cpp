#include "emulator/blob/rules/encryption.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::blob::rules {
namespace {

using azure::StorageErrorCode;

EncryptionRequest with_key(std::string const& hash) {
    return {.key = std::string(32, 'k'), .key_sha256 = hash};
}

TEST(FindKeyFault, WantsTheKeyThatWrote) {
    storage::blob::Encryption const plain;
    storage::blob::Encryption const secret{{}, "hash"};

    EXPECT_FALSE(find_key_fault(plain, {}));
    EXPECT_FALSE(find_key_fault(secret, with_key("hash")));
    EXPECT_EQ(find_key_fault(secret, {}), StorageErrorCode::blob_uses_customer_specified_encryption);
    EXPECT_EQ(
        find_key_fault(plain, with_key("hash")),
        StorageErrorCode::blob_does_not_use_customer_specified_encryption
    );
    EXPECT_EQ(
        find_key_fault(secret, with_key("other")),
        StorageErrorCode::blob_customer_specified_encryption_mismatch
    );
}

TEST(ChooseEncryption, TakesTheContainersScopeUnlessAnotherIsNamed) {
    storage::blob::Container container;
    container.default_encryption_scope = "tenant";

    EXPECT_EQ(choose_encryption(container, {})->scope, "tenant");
    EXPECT_EQ(choose_encryption(container, {.scope = "other"})->scope, "other");
    EXPECT_EQ(choose_encryption(container, with_key("hash"))->key_sha256, "hash");
    EXPECT_EQ(choose_encryption(container, with_key("hash"))->scope, "");
}

TEST(ChooseEncryption, AContainerMayInsistOnItsScope) {
    storage::blob::Container container;
    container.default_encryption_scope = "tenant";
    container.denies_scope_override = true;

    EXPECT_EQ(choose_encryption(container, {.scope = "tenant"})->scope, "tenant");
    EXPECT_EQ(
        choose_encryption(container, {.scope = "other"}).error().code,
        StorageErrorCode::request_forbidden_by_container_encryption_policy
    );
    EXPECT_EQ(
        choose_encryption(container, with_key("hash")).error().code,
        StorageErrorCode::request_forbidden_by_container_encryption_policy
    );
}

}  // namespace
}  // namespace bluebatch::emulator::blob::rules
