#pragma once

#include "client/api/authorizer.hpp"
#include "client/api/error.hpp"
#include "client/api/retry.hpp"
#include "client/api/throttle.hpp"
#include "client/api/waiter.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace bluebatch::client {

struct CallOptions {
    std::stop_token stop;
    RetryOptions retry;
};

struct Call {
    http::OutgoingRequest request;         // unsigned; each attempt is dated and signed anew
    http::BodySink sink;                   // for the body of a 2xx answer
    std::function<void()> before_attempt;  // lets the owner of a sink start over
    std::function<bool()> has_all;         // whether the sink needs nothing more, though the end was lost
};

struct Reply {
    http::IncomingResponse response;
    bool maybe_done_before = false;  // an earlier attempt was lost on the way and may have been carried out
    bool is_cut = false;             // the sink has all, and the rest of the answer was lost
};

// Sends calls of one service: signs, retries, reads errors. Thread-safe.
class Pipeline {
public:
    Pipeline(
        http::Client& client,
        Authorizer& authorizer,
        base::Clock const& clock,
        base::Random& random,
        Waiter& waiter
    )
        : client_(client),
          authorizer_(authorizer),
          clock_(clock),
          random_(random),
          waiter_(waiter),
          throttle_(std::make_unique<Throttle>(clock, waiter)) {}

    // A 2xx answer, or what went wrong after the last attempt.
    ApiResult<Reply> send(Call const& call, CallOptions const& options) const;

    base::Clock const& clock() const { return clock_; }
    base::Random& random() const { return random_; }
    Waiter& waiter() const { return waiter_; }
    Throttle& throttle() const { return *throttle_; }

private:
    struct Attempt;
    // What an attempt takes of the time that a call may take is taken from `patience`.
    Attempt attempt(Call const& call, std::stop_token const& stop, std::chrono::milliseconds& patience) const;
    ApiResult<http::OutgoingRequest> sign(Call const& call, std::stop_token const& stop) const;
    ApiResult<http::IncomingResponse> exchange(
        http::OutgoingRequest const& request, Call const& call, std::stop_token const& stop
    ) const;

    http::Client& client_;
    Authorizer& authorizer_;
    base::Clock const& clock_;
    base::Random& random_;
    Waiter& waiter_;
    std::unique_ptr<Throttle> throttle_;
};

}  // namespace bluebatch::client
