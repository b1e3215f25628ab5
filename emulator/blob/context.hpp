#pragma once

#include "emulator/blob/rules/conditions.hpp"
#include "emulator/blob/rules/encryption.hpp"
#include "emulator/storage/blob/blob_storage.hpp"
#include "emulator/storage/blob/records.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <string>

namespace bluebatch::emulator::blob {

namespace store = storage::blob;

class ServiceSettings;
namespace cases {
class AccountPolicies;
}

// What every use case works with.
struct Context {
    store::BlobStorage& storage;
    base::Clock& clock;
    base::Random& random;
    ServiceSettings& settings;
    cases::AccountPolicies& policies;
};

// What a request names. `blob` is decoded; empty for a container, as `container` is for the account. Of a
// blob it may name a snapshot or a version instead of the blob itself.
struct Address {
    std::string account;
    std::string container;
    std::string blob;
    std::optional<base::TimePoint> snapshot{};
    std::optional<base::TimePoint> version{};
};

// What must hold for a request to go on.
struct Guard {
    rules::Conditions conditions;
    std::string lease_id;  // empty: none given
    rules::EncryptionRequest encryption{};
};

}  // namespace bluebatch::emulator::blob
