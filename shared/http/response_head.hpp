#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/output_queue.hpp"

#include <cstdint>

namespace bluebatch::http {

enum class Version : std::uint8_t { http_1_0, http_1_1 };
enum class Afterwards : std::uint8_t { keep_alive, close };

// What of the request decides the shape of its answer.
struct Exchange {
    Verb verb = Verb::get;
    Version version = Version::http_1_1;
    Afterwards afterwards = Afterwards::keep_alive;
};

// Queues status line, header fields and body. Line breaks inside field values of a service become blanks, so
// nobody can smuggle a field through one.
void queue_response(Response response, Exchange const& exchange, base::TimePoint now, OutputQueue& output);

}  // namespace bluebatch::http
