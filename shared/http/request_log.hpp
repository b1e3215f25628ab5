#pragma once

#include "shared/http/message.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace bluebatch::http {

// "PUT /account/box/a?comp=block": of a query only what tells operations apart. Signatures and tokens are in
// queries.
std::string describe(RequestHead const& head);

// One line at the level info: what was asked, the status, why it was refused, and how long that has taken
// since the head had come; nothing for what never became a request.
void log_answer(
    std::string const& described,
    Response const& response,
    std::optional<std::chrono::steady_clock::time_point> asked
);

}  // namespace bluebatch::http
