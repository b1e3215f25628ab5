#pragma once

#include "shared/base/random.hpp"
#include "shared/base/time.hpp"
#include "shared/http/client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace bluebatch::client {

struct RetryOptions {
    int attempts = 6;                               // of a call that fails; throttling does not count
    std::chrono::milliseconds base{200};            // the longest first delay; doubles with each attempt
    std::chrono::milliseconds cap{20'000};          // the longest delay
    std::chrono::milliseconds patience{1'800'000};  // in all, after which nothing is tried again
};

// Of what is long on its way and would be a loss: an outage of a minute is sat out.
inline constexpr RetryOptions kTransferRetries{.attempts = 10};

enum class Hiccup : std::uint8_t {
    throttled,     // 429, 503: the service wants less, and gets it
    server_error,  // 408, 500, 502, 504
    connection,    // refused, reset, timed out
    unresolved,    // DNS
};

// What kind of passing trouble an answer or a lost connection is; nothing when trying again can't help.
std::optional<Hiccup> classify(int status);
std::optional<Hiccup> classify(http::TransportFault fault);

// "retry-after-ms", "x-ms-retry-after-ms", or Retry-After in either of its forms, seconds or a date.
std::optional<std::chrono::milliseconds> read_retry_after(http::Headers const& headers, base::TimePoint now);

// The delays of one call: exponential with full jitter, so that many clients do not come back together.
class RetrySchedule {
public:
    RetrySchedule(RetryOptions options, base::Random& random) : options_(options), random_(random) {}

    // How long to wait before the next attempt, `spent` after the beginning of the first; nothing when it is
    // time to give up.
    std::optional<std::chrono::milliseconds> next(
        Hiccup hiccup, std::optional<std::chrono::milliseconds> retry_after, std::chrono::milliseconds spent
    );

private:
    std::chrono::milliseconds jittered(int doublings);

    RetryOptions options_;
    base::Random& random_;
    int failures_ = 0;
    int throttles_ = 0;
};

}  // namespace bluebatch::client
