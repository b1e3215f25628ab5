#pragma once

#include <functional>
#include <optional>
#include <string>

namespace bluebatch::cli {

// A variable's value; nothing when it is unset or empty. Passed around so that tests bring their own.
using Environment = std::function<std::optional<std::string>(std::string const& name)>;

Environment process_environment();

}  // namespace bluebatch::cli
