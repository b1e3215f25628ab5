#include "client/api/pipeline.hpp"

#include "shared/base/time.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace bluebatch::client {
namespace {

// Requests older than 15 minutes are refused by both services.
constexpr std::chrono::minutes kTolerableSkew{14};

bool is_success(int status) {
    return status >= 200 && status < 300;
}

ApiError make_cancelled() {
    ApiError error;
    error.fault = Fault::cancelled;
    error.message = "The operation was cancelled.";
    return error;
}

ApiError make_transport_error(http::TransportError const& failure) {
    if (failure.fault == http::TransportFault::cancelled) return make_cancelled();
    ApiError error;
    error.fault = Fault::transport;
    error.transport = failure.fault;
    error.message = failure.message;
    return error;
}

// A refused signature is often a wrong clock; the answer's own date tells.
void note_clock_skew(ApiError& error, http::Headers const& headers, base::TimePoint now) {
    if (error.status != 403 && error.status != 401) return;
    auto const date = base::parse_rfc1123(headers.get("Date"));
    if (!date) return;
    auto const skew = std::chrono::duration_cast<std::chrono::seconds>(now - *date);
    if (skew > kTolerableSkew || skew < -kTolerableSkew) {
        error.details.emplace_back("ClockSkewSeconds", std::to_string(skew.count()));
    }
}

std::optional<Hiccup> hiccup_of(ApiError const& error) {
    switch (error.fault) {
        case Fault::service:
            return classify(error.status);
        case Fault::transport:
            return classify(error.transport);
        default:
            return std::nullopt;
    }
}

// Whether the service may have carried out a request that ended like this.
bool is_ambiguous(ApiError const& error) {
    if (error.fault == Fault::service) return error.status >= 500 && error.status != 503;
    if (error.fault == Fault::cancelled) return true;
    return error.fault == Fault::transport && (error.transport == http::TransportFault::interrupted ||
                                               error.transport == http::TransportFault::timed_out);
}

}  // namespace

ApiResult<http::IncomingResponse> Pipeline::attempt(Call const& call, std::stop_token stop) const {
    if (stop.stop_requested()) return make_cancelled();
    if (call.before_attempt) call.before_attempt();
    auto request = call.request;
    auto const now = clock_.now();
    if (auto const signed_by_us = authorizer_.authorize(request, now, stop); !signed_by_us) {
        return signed_by_us.error();
    }
    auto response = client_.send(request, call.sink, stop);
    if (!response) {
        if (stop.stop_requested()) return make_cancelled();
        return make_transport_error(response.error());
    }
    return *std::move(response);
}

ApiResult<Reply> Pipeline::send(Call const& call, CallOptions const& options) const {
    RetrySchedule schedule(options.retry, random_);
    bool maybe_done = false;
    for (;;) {
        std::optional<std::chrono::milliseconds> retry_after;
        ApiError error;
        auto response = attempt(call, options.stop);
        if (response && is_success(response->status)) return Reply{*std::move(response), maybe_done};
        if (response) {
            error = read_service_error(*response);
            note_clock_skew(error, response->headers, clock_.now());
            retry_after = read_retry_after(response->headers, clock_.now());
        } else {
            error = response.error();
        }
        maybe_done = maybe_done || is_ambiguous(error);
        error.maybe_done = maybe_done;
        auto const hiccup = hiccup_of(error);
        if (!hiccup) return error;
        auto const delay = schedule.next(*hiccup, retry_after);
        if (!delay) return error;
        waiter_.wait(*delay, options.stop);
    }
}

}  // namespace bluebatch::client
