#pragma once

#include "shared/http/message.hpp"

#include <chrono>
#include <string>

namespace bluebatch::http {

// "PUT /account/box/a?comp=block": of a query only what tells operations apart. Signatures and tokens are in
// queries.
std::string describe(RequestHead const& head);

// One line at the level info: what was asked, the status, why it was refused, and how long the service took.
void log_answer(std::string const& described, Response const& response, std::chrono::nanoseconds taken);

}  // namespace bluebatch::http
