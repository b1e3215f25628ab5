#include "client/api/pipeline.hpp"

#include "shared/base/time.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

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

// A 503 without a word of the service's own is some proxy's, whose service is away rather than busy.
bool is_of_service(ApiError const& error, std::optional<std::chrono::milliseconds> retry_after) {
    return error.status == 429 || !error.code.empty() || retry_after;
}

std::optional<Hiccup> hiccup_of(ApiError const& error, std::optional<std::chrono::milliseconds> retry_after) {
    switch (error.fault) {
        case Fault::service:
            if (classify(error.status) == Hiccup::throttled && !is_of_service(error, retry_after))
                return Hiccup::server_error;
            return classify(error.status);
        case Fault::transport:
            return classify(error.transport);
        default:
            return std::nullopt;
    }
}

ApiError make_paused_error() {
    ApiError error;
    error.fault = Fault::service;
    error.status = 429;
    error.message = "The service has asked for a pause that is longer than this may take.";
    return error;
}

// Content may be long on its way, which says nothing of whoever sends or takes it.
bool carries_content(Call const& call) {
    return call.sink || std::holds_alternative<http::FileSlice>(call.request.body);
}

// Whether the service may have carried out a request that ended like this.
bool is_ambiguous(ApiError const& error) {
    if (error.fault == Fault::service) return error.status >= 500 && error.status != 503;
    if (error.fault == Fault::cancelled) return true;
    return error.fault == Fault::transport && (error.transport == http::TransportFault::interrupted ||
                                               error.transport == http::TransportFault::timed_out);
}

}  // namespace

struct Pipeline::Attempt {
    ApiResult<http::IncomingResponse> outcome;  // a 2xx answer
    std::optional<Hiccup> hiccup = {};          // why trying again may help
    std::optional<std::chrono::milliseconds> retry_after = {};
    bool was_sent = true;
};

// An error here is not one of the service, which was not asked.
ApiResult<http::OutgoingRequest> Pipeline::sign(Call const& call, std::stop_token const& stop) const {
    if (stop.stop_requested()) return make_cancelled();
    if (call.before_attempt) call.before_attempt();
    auto request = call.request;
    if (auto const authorized = authorizer_.authorize(request, clock_.now(), stop); !authorized)
        return authorized.error();
    return request;
}

ApiResult<http::IncomingResponse> Pipeline::exchange(
    http::OutgoingRequest const& request, Call const& call, std::stop_token const& stop
) const {
    auto response = client_.send(request, call.sink, stop);
    if (response) return *std::move(response);
    if (stop.stop_requested()) return make_cancelled();
    return make_transport_error(response.error());
}

Pipeline::Attempt Pipeline::attempt(
    Call const& call, std::stop_token const& stop, std::chrono::milliseconds& patience
) const {
    auto const place = throttle_->enter(stop, patience);
    if (!place) return {.outcome = make_paused_error(), .was_sent = false};
    auto const request = sign(call, stop);
    if (!request) return {.outcome = request.error(), .was_sent = false};
    auto const began = clock_.now();
    auto response = exchange(*request, call, stop);
    if (response && is_success(response->status)) {
        throttle_->went_well();
        return {std::move(response)};
    }
    auto const now = clock_.now();
    if (!carries_content(call)) {
        auto const taken = std::chrono::duration_cast<std::chrono::milliseconds>(now - began);
        patience -= std::max(taken, std::chrono::milliseconds(0));
    }
    Attempt failed{ApiError{}};
    ApiError error;
    if (response) {
        error = read_service_error(*response);
        note_clock_skew(error, response->headers, now);
        failed.retry_after = read_retry_after(response->headers, now);
    } else {
        error = response.error();
    }
    failed.hiccup = hiccup_of(error, failed.retry_after);
    if (failed.hiccup == Hiccup::throttled) throttle_->slow_down(*place);
    failed.outcome = std::move(error);
    return failed;
}

ApiResult<Reply> Pipeline::send(Call const& call, CallOptions const& options) const {
    RetrySchedule schedule(options.retry, random_);
    auto patience = options.retry.patience;
    bool maybe_done = false;
    for (;;) {
        auto attempted = attempt(call, options.stop, patience);
        if (attempted.outcome) return Reply{*std::move(attempted.outcome), maybe_done};
        auto error = attempted.outcome.error();
        bool const was_lost = attempted.was_sent && error.fault == Fault::transport;
        if (was_lost && call.has_all && call.has_all()) return Reply{{}, maybe_done, true};
        maybe_done = maybe_done || (attempted.was_sent && is_ambiguous(error));
        error.maybe_done = maybe_done;
        if (!attempted.hiccup) return error;
        auto const delay =
            schedule.next(*attempted.hiccup, attempted.retry_after, options.retry.patience - patience);
        if (!delay) return error;
        if (attempted.hiccup == Hiccup::throttled && attempted.retry_after)
            throttle_->pause(*attempted.retry_after);
        patience -= *delay;
        waiter_.wait(*delay, options.stop);
    }
}

}  // namespace bluebatch::client
