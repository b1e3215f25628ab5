#pragma once

#include "shared/http/message.hpp"

#include <string_view>

// Who is meant by a Host or Origin header. The development keys are public, so a signature says nothing about
// a request that a page in a browser sends: where it comes from must be asked for.
namespace bluebatch::http {

// "localhost:10003", "127.0.0.1", "[::1]:80" and names below .localhost.
bool names_this_machine(std::string_view authority);

// A name that somebody elsewhere may have made to mean this machine: neither this machine's, nor an address,
// nor a single word, which no public name is.
bool can_be_rebound(std::string_view authority);

// A page of another site: its Origin is neither empty nor this machine's, or the browser says so itself.
bool is_from_foreign_page(RequestHead const& head);

// A page whose own foreign name has been made to resolve to this machine: its Origin is the host that it
// asks.
bool is_rebound(RequestHead const& head);

}  // namespace bluebatch::http
