#pragma once

#include "shared/azure/storage_sas.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob {

// A user delegation key is valid for so long at most, and no later than that from now.
inline constexpr base::Ticks kLongestDelegation = std::chrono::hours{24 * 7};

// User delegation keys are not kept: who, when and what for, together with a secret of this emulator, make
// the same key whenever one is asked for and whenever a signature is checked.
class DelegationKeys {
public:
    explicit DelegationKeys(std::string secret) : secret_(std::move(secret)) {}

    // The value of the key that `key` describes, in base64; its own `value_base64` takes no part. Nothing
    // when one of its times is none.
    std::optional<std::string> value_of(std::string_view account, azure::UserDelegationKey const& key) const;

private:
    std::string secret_;
};

// The key that signed a user delegation SAS, as the SAS describes it.
azure::UserDelegationKey key_of(azure::SharedAccessSignature const& sas);

}  // namespace bluebatch::emulator::blob
