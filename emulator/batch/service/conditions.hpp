#pragma once

#include "emulator/batch/service/context.hpp"
#include "shared/http/message.hpp"

#include <optional>
#include <string>

namespace bluebatch::emulator::batch::service {

// The conditional headers of a request. Batch: REST-17 to REST-19
struct Conditions {
    std::optional<std::string> if_match;
    std::optional<std::string> if_none_match;
    std::optional<base::TimePoint> if_modified_since;
    std::optional<base::TimePoint> if_unmodified_since;
};

// MultipleConditionHeadersNotSupported for pairs that do not go together, InvalidHeaderValue for a malformed
// date.
Result<Conditions> read_conditions(http::Headers const& headers);

enum class Access : std::uint8_t { read, write };

// not_modified or condition_not_met where the conditions do not hold for an entity.
std::optional<BatchError> check(Conditions const& conditions, base::TimePoint last_modified, Access access);

}  // namespace bluebatch::emulator::batch::service
