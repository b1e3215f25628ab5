#pragma once

#include "emulator/batch/service.hpp"
#include "shared/azure/batch_error.hpp"

#include <span>

namespace bluebatch::emulator::batch {

// Fails unless the request may be made: MissingRequiredHeader, InvalidAuthenticationInfo or
// AuthenticationFailed, none of which tells what a right signature would have been; Forbidden for the token
// of a task on anything but its own job.
azure::BatchResult<void> authenticate(http::RequestHead const& head, std::span<BatchAccount const> accounts);

// The account of an already authenticated request. AuthenticationFailed when the token of a task has ended
// since.
azure::BatchResult<BatchAccount const*> account_of(
    http::RequestHead const& head, std::span<BatchAccount const> accounts
);

}  // namespace bluebatch::emulator::batch
