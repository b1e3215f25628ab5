#pragma once

#include "client/cli/connection.hpp"
#include "client/cli/parse.hpp"

namespace bluebatch::cli {

// A daily command from the connection to the exit status; errors are told on standard error.
ExitStatus run(RowCommand const& command, World const& world);
// The same over a connection that is there.
ExitStatus run(RowCommand const& command, World const& world, Connection& connection);

}  // namespace bluebatch::cli
