#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/schema.hpp"

namespace bluebatch::emulator::batch::wire {

// Checks the body of a request against the table of its object and gives it in the newest shape: members
// renamed, words and durations as the service writes them, secrets and null members left out. The first fault
// ends it: MissingRequiredProperty, UnsupportedProperty, InvalidPropertyValue or InvalidRequestBody, each
// naming the member.
azure::BatchResult<Json> read_object(Json const& body, Object const& object, Uses use, ApiVersion version);

// A value that a rule beyond the tables refuses.
azure::BatchError invalid_property(std::string name, std::string value, std::string reason);
azure::BatchError missing_property(std::string name);
azure::BatchError unsupported_property(std::string name, std::string reason);

}  // namespace bluebatch::emulator::batch::wire
