// What a session does with the bodies of requests.
#include "shared/http/session.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::http {

namespace {

constexpr std::size_t kChunkInputBytes = 128 << 10;
// A refused body up to this size is read and dropped, and the connection lives on.
constexpr std::uint64_t kDrainBytes = 1 << 20;

}  // namespace

Session::Next Session::admit_body(BodyPlan plan) {
    auto const& head = parser_.head();
    body_limit_ = plan.limit;
    bool const is_chunked = parser_.is_chunked();
    auto const length = is_chunked ? std::nullopt : std::optional(head.content_length.value_or(0));
    if (length && *length > body_limit_) return refuse_body(service_.too_large(head, body_limit_));
    is_admitted_ = true;
    receiver_.emplace(std::move(plan), length);
    if (length == 0U) return finish_body();

    body_began_ = watch_.now();
    note_body_progress();
    state_ = is_chunked ? State::receiving_chunks : State::receiving_body;
    if (is_chunked) input_.set_capacity(kChunkInputBytes);
    if (parser_.expects_continue() && input_.empty()) {
        output_.add("HTTP/1.1 100 Continue\r\n\r\n");
        then_ = Then::receive_body;
        state_ = State::writing;
        watch_.enter(Phase::writing, context_.limits.body_stall);
    }
    return Next::go_on;
}

void Session::note_body_progress() {
    auto const& limits = context_.limits;
    auto const earned = std::chrono::seconds{receiver_->size() / limits.body_bytes_per_second};
    auto const left = body_began_ + limits.body + earned - watch_.now();
    watch_.enter(Phase::receiving, std::clamp(left, std::chrono::seconds{0}, limits.body_stall));
}

Session::Next Session::receive_body() {
    if (lets_others_go(receiver_->is_behind())) return Next::others_first;
    auto const left = *parser_.head().content_length - receiver_->size();
    if (!input_.empty()) {
        auto const bytes =
            input_.bytes().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, ~0U)));
        receiver_->append(bytes);
        input_.consume(bytes.size());
    } else {
        auto const room = receiver_->room();
        auto const most = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), left));
        auto const result = receive(room.first(most));
        if (result.state != Io::moved) return on_receiving_failed(result);
        receiver_->commit(result.bytes);
        note_body_progress();
    }
    return receiver_->size() == parser_.head().content_length ? finish_body() : Next::go_on;
}

Session::Next Session::receive_chunks() {
    bool is_too_large = false;
    auto const progress = parser_.parse_chunks(input_, [&](std::string_view bytes) {
        is_too_large = !receiver_->append(bytes);
        return !is_too_large;
    });
    if (is_too_large) {
        receiver_.reset();
        return respond(service_.too_large(parser_.head(), body_limit_), Then::linger);
    }
    if (progress == RequestParser::Progress::complete) return finish_body();
    if (progress == RequestParser::Progress::refused) return refuse(parser_.fault());

    auto const room = input_.room();
    if (room.empty()) return refuse({400, "A chunk's header is too long."});
    auto const result = receive(room);
    if (result.state != Io::moved) return on_receiving_failed(result);
    input_.commit(result.bytes);
    note_body_progress();
    return Next::go_on;
}

Session::Next Session::on_receiving_failed(IoResult result) {
    if (result.state == Io::ended && watch_.expired())
        return refuse({408, "The request's body took too long."});
    return next_of(result);
}

// Before a wait for the digest: what others bring meanwhile is digested at the same time, for almost nothing.
bool Session::lets_others_go(bool must_wait) {
    has_let_others_go_ = must_wait && !has_let_others_go_;
    return has_let_others_go_;
}

Session::Next Session::finish_body() {
    if (std::exchange(state_, State::finishing_body) != State::finishing_body)
        watch_.enter_without_limit(Phase::answering);
    bool const is_settled = receiver_->is_settled();
    if (lets_others_go(!is_settled)) return Next::others_first;
    if (is_settled) return answer();
    receiver_->advance();
    return Next::go_on;
}

Session::Next Session::refuse_body(Response response) {
    auto const length = parser_.head().content_length.value_or(0);
    if (!parser_.is_chunked() && length == 0) return respond(std::move(response), Then::next_request);
    // A client that waits for 100 Continue may or may not send the body now, so where the next request begins
    // is unknown.
    bool const is_worth_draining =
        !parser_.is_chunked() && !parser_.expects_continue() && length <= kDrainBytes;
    left_to_discard_ = length;
    return respond(std::move(response), is_worth_draining ? Then::drain : Then::linger);
}

Session::Next Session::drain() {
    if (!input_.empty()) {
        auto const count = std::min<std::uint64_t>(left_to_discard_, input_.bytes().size());
        input_.consume(static_cast<std::size_t>(count));
        left_to_discard_ -= count;
    }
    if (left_to_discard_ == 0) {
        begin_next_request();
        return Next::go_on;
    }
    auto const result = receive(input_.room());
    if (result.state == Io::moved) input_.commit(result.bytes);
    return next_of(result);
}

}  // namespace bluebatch::http
