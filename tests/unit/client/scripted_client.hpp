#pragma once

#include "client/api/authorizer.hpp"
#include "client/api/pipeline.hpp"
#include "client/api/waiter.hpp"
#include "shared/base/random.hpp"
#include "tests/support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bluebatch::tests {

using Answer = base::Result<http::IncomingResponse, http::TransportError>;

inline Answer answer(int status, std::string body = {}, http::Headers headers = {}) {
    return http::IncomingResponse{status, std::move(headers), std::move(body)};
}
inline Answer lost(http::TransportFault fault) {
    return http::TransportError{fault, "host: lost"};
}
inline Answer batch_error(int status, std::string const& code) {
    return answer(
        status, R"({"code":")" + code + R"(","message":{"lang":"en-US","value":"Text.\nRequestId:1"}})"
    );
}
inline Answer blob_error(int status, std::string const& code) {
    return answer(
        status,
        R"(<?xml version="1.0"?><Error><Code>)" + code +
            "</Code><Message>Text.\nRequestId:1</Message></Error>"
    );
}

// Answers one request after the other with what it was given, and remembers the requests.
class ScriptedClient final : public http::Client {
public:
    void will(Answer next) { answers_.push_back(std::move(next)); }

    Answer send(http::OutgoingRequest const& request, http::BodySink const& sink, std::stop_token) override {
        requests.push_back(request);
        if (answers_.empty()) {
            ADD_FAILURE() << "unexpected request to " << request.url;
            return lost(http::TransportFault::other);
        }
        auto next = std::move(answers_.front());
        answers_.pop_front();
        bool const is_success = next && next->status / 100 == 2;
        if (is_success && sink && !next->body.empty()) {
            auto const body = std::exchange(next->body, {});
            if (!sink(std::as_bytes(std::span(body)))) return lost(http::TransportFault::cancelled);
        }
        return next;
    }

    bool is_spent() const { return answers_.empty(); }
    std::vector<http::OutgoingRequest> requests;

private:
    std::deque<Answer> answers_;
};

class NoAuthorizer final : public client::Authorizer {
public:
    client::ApiResult<void> authorize(http::OutgoingRequest&, base::TimePoint, std::stop_token) override {
        return {};
    }
};

// Moves the clock instead of waiting.
class InstantWaiter final : public client::Waiter {
public:
    explicit InstantWaiter(ManualClock& clock) : clock_(clock) {}
    void wait(std::chrono::milliseconds duration, std::stop_token) override {
        std::scoped_lock const lock(mutex_);
        waits_.push_back(duration);
        clock_.advance(duration);
    }
    std::vector<std::chrono::milliseconds> waits() {
        std::scoped_lock const lock(mutex_);
        return waits_;
    }

private:
    ManualClock& clock_;
    std::mutex mutex_;
    std::vector<std::chrono::milliseconds> waits_;
};

// A pipeline over a scripted client.
class PipelineTest : public ::testing::Test {
protected:
    ManualClock clock_;
    base::SeededRandom random_{7};
    InstantWaiter waiter_{clock_};
    ScriptedClient client_;
    NoAuthorizer authorizer_;
    client::Pipeline pipeline_{client_, authorizer_, clock_, random_, waiter_};
};

}  // namespace bluebatch::tests
