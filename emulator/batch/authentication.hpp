#pragma once

#include "emulator/batch/service.hpp"
#include "shared/azure/batch_error.hpp"

#include <span>

namespace bluebatch::emulator::batch {

// The account whose key signed the request. MissingRequiredHeader, InvalidAuthenticationInfo or
// AuthenticationFailed, none of which tells what a right signature would have been.
azure::BatchResult<BatchAccount const*> authenticate(
    http::RequestHead const& head, std::span<BatchAccount const> accounts
);

// The account that an already authenticated request names.
BatchAccount const& account_of(http::RequestHead const& head, std::span<BatchAccount const> accounts);

}  // namespace bluebatch::emulator::batch
