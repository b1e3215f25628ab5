#pragma once

#include "client/cli/commands/context.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::cli {

// A URL with a signature, for somebody who has no key.
Outcome<ExitStatus> sign_blob(CommandContext const& context);

// The letters in the order that the service wants; nothing when one is unknown or none is given.
std::optional<std::string> order_permissions(std::string_view letters);
// "1h" from now, or a time; nothing for anything else.
std::optional<base::TimePoint> parse_expiry(std::string_view text, base::TimePoint now);

}  // namespace bluebatch::cli
