#pragma once

#include "client/api/credential.hpp"
#include "client/api/program_output.hpp"

#include <memory>

namespace bluebatch::client {

// Tokens of whoever is signed in with the az command line: `az account get-access-token`, for the
// tenant of the subscription that az has chosen.
std::unique_ptr<Credential> make_az_credential(ProgramRunner run);

}  // namespace bluebatch::client
