#pragma once

#include "emulator/blob/context.hpp"
#include "shared/azure/storage_error.hpp"

#include <cstdint>
#include <optional>

namespace bluebatch::emulator::blob::cases {

enum class ExpiryOption : std::uint8_t { never, relative_to_creation, relative_to_now, absolute };

struct Expiry {
    ExpiryOption option = ExpiryOption::never;
    base::Ticks after{};   // of the relative ones
    base::TimePoint at{};  // of the absolute one
};

// When a blob goes that was made at `created`; empty: never.
std::optional<base::TimePoint> time_of(Expiry const& expiry, base::TimePoint created, base::TimePoint now);

// From its time on nobody finds the blob. InvalidHeaderValue for a time that has passed.
azure::StorageResult<store::Blob> set_expiry(
    Context const& context, Address const& address, Guard const& guard, Expiry const& expiry
);

}  // namespace bluebatch::emulator::blob::cases
