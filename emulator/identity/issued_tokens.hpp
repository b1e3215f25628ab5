#pragma once

#include "emulator/identity/directory.hpp"
#include "emulator/identity/issuer.hpp"
#include "shared/azure/bearer_token.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace bluebatch::emulator::identity {

struct GuardedService {
    // Whether a token for `audience` is meant for the account.
    std::function<bool(std::string_view account, std::string_view audience)> is_audience;
    azure::Role Access::*role;
    // Asked about tokens that are not ours; may be empty.
    std::shared_ptr<azure::TokenValidator const> others;
    std::string advice = {};  // for those who bring one that is refused, with a blank before it
};

// Accepts the tokens that our issuer gave, with the roles that the directory knows. The references outlive
// it.
std::shared_ptr<azure::TokenValidator const> make_issued_token_validator(
    Issuer const& issuer, Directory const& directory, GuardedService service
);

}  // namespace bluebatch::emulator::identity
