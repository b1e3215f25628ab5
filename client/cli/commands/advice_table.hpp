#pragma once

#include "client/cli/advice.hpp"

#include <span>

namespace bluebatch::cli {

// What to do next after a daily command was refused.
std::span<Advice const> command_advice();

}  // namespace bluebatch::cli
