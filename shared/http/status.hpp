#pragma once

#include "shared/http/message.hpp"

#include <string>
#include <string_view>

namespace bluebatch::http {

// "Not Found"; "" for a status without a usual phrase.
std::string_view reason_phrase(int status);

// An answer of the server itself, given before or instead of one of the service; closes the connection.
Response make_plain_response(int status, std::string_view text);

// Whether an answer with this status to this verb is followed by body bytes.
bool carries_body(Verb verb, int status);

// The Content-Length that an answer to this verb states: none for 1xx and 204, and for 304 only when the
// service set one.
std::optional<std::uint64_t> stated_length(Verb verb, Response const& response);

}  // namespace bluebatch::http
