#pragma once

#include <chrono>
#include <string_view>

namespace bluebatch::cli {

// How often the services are asked.
struct Pace {
    std::chrono::milliseconds first;          // between polls while tasks keep completing
    std::chrono::milliseconds longest;        // when nothing moves
    std::chrono::milliseconds look_at_nodes;  // without progress, before the pool is looked at
};

// A service on this machine answers in microseconds and owes nobody a bill.
Pace pace_for(std::string_view batch_endpoint);

// The delays between polls: they grow while nothing happens and start over when something does. Who knows how
// long the whole will still take goes half the way there, ten first delays at most: each poll costs the
// service what its work could use, and only the last one has to be in time.
class PollDelay {
public:
    explicit PollDelay(Pace pace) : pace_(pace), next_(pace.first) {}
    std::chrono::milliseconds next();
    void restart(std::chrono::milliseconds expected_left = {});

private:
    Pace pace_;
    std::chrono::milliseconds next_;
};

}  // namespace bluebatch::cli
