#include "client/api/retry.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::client {
namespace {

// A name that does not resolve is more often a typing error than a passing trouble.
constexpr int kAttemptsToResolve = 2;
constexpr int kMostDoublings = 16;

}  // namespace

std::optional<Hiccup> classify(int status) {
    switch (status) {
        case 429:
        case 503:
            return Hiccup::throttled;
        case 408:
        case 500:
        case 502:
        case 504:
            return Hiccup::server_error;
        default:
            return std::nullopt;
    }
}

std::optional<Hiccup> classify(http::TransportFault fault) {
    switch (fault) {
        case http::TransportFault::refused:
        case http::TransportFault::timed_out:
        case http::TransportFault::interrupted:
            return Hiccup::connection;
        case http::TransportFault::unresolved_host:
            return Hiccup::unresolved;
        case http::TransportFault::tls:
        case http::TransportFault::cancelled:
        case http::TransportFault::bad_url:
        case http::TransportFault::other:
            break;
    }
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> read_retry_after(http::Headers const& headers, base::TimePoint now) {
    for (auto const* const name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
        if (auto const exact = base::parse_number<std::uint32_t>(base::trim(headers.get(name))))
            return std::chrono::milliseconds(*exact);
    }
    auto const value = base::trim(headers.get("Retry-After"));
    if (auto const seconds = base::parse_number<std::uint32_t>(value)) return std::chrono::seconds(*seconds);
    if (auto const date = base::parse_rfc1123(value)) {
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(*date - now);
        return std::max(left, std::chrono::milliseconds(0));
    }
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> RetrySchedule::next(
    Hiccup hiccup, std::optional<std::chrono::milliseconds> retry_after, std::chrono::milliseconds spent
) {
    bool const throttled = hiccup == Hiccup::throttled;
    int const count = throttled ? ++throttles_ : ++failures_;
    if (!throttled && failures_ >= options_.attempts) return std::nullopt;
    if (hiccup == Hiccup::unresolved && failures_ >= kAttemptsToResolve) return std::nullopt;

    auto delay = jittered(count - 1);
    if (retry_after) delay = *retry_after + delay / 10;
    if (spent + delay > options_.patience) return std::nullopt;
    return delay;
}

std::chrono::milliseconds RetrySchedule::jittered(int doublings) {
    auto const longest = options_.base.count() << std::min(doublings, kMostDoublings);
    auto const bound = static_cast<std::uint64_t>(std::min(longest, options_.cap.count()));
    return std::chrono::milliseconds(static_cast<std::int64_t>(random_.next() % (bound + 1)));
}

}  // namespace bluebatch::client
