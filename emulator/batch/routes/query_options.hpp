#pragma once

#include "shared/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::batch::routes {

// The first of the request's $ options that the operation does not know, which would otherwise be passed over
// in silence; nothing when it knows all of them.
std::optional<std::string> find_unknown_option(http::RequestHead const& head, std::string_view operation);

}  // namespace bluebatch::emulator::batch::routes
