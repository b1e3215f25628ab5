#include "shared/http/session.hpp"

#include "shared/base/log.hpp"
#include "shared/http/request_log.hpp"
#include "shared/http/status.hpp"
#include "shared/http/tls_stream.hpp"
#include "shared/http/waiting.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace bluebatch::http {

namespace {

constexpr std::size_t kInputBytes = 8 << 10;
// Before a connection with unread bytes is closed, this much is dropped or this long is waited, so that a
// client that sends its whole body before it listens gets its answer instead of a reset.
constexpr std::uint64_t kLingerBytes = 256 << 20;
constexpr std::size_t kLingerInputBytes = 128 << 10;
constexpr std::chrono::seconds kLingerTime{10};
// Then other connections of the thread get their turn.
constexpr int kTurns = 16;
constexpr std::string_view kNoRequest = "a connection";

}  // namespace

Session::Session(
    base::UniqueDescriptor socket, std::string peer_address, Service& service, SessionContext context
)
    : socket_(std::move(socket)),
      watch_(context.registry, socket_.get()),
      stream_(std::make_unique<PlainStream>(socket_.get())),
      peer_address_(std::move(peer_address)),
      service_(service),
      context_(context),
      input_(std::min(kInputBytes, context.limits.head_bytes)),
      parser_(context.limits.head_bytes, context.limits.header_fields),
      described_(kNoRequest) {
    watch_.enter(Phase::idle, context_.limits.idle);
}

void Session::resume() {
    for (int turn = 0; turn < kTurns; ++turn) {
        auto const next = guarded_step();
        if (next == Next::over) return;
        if (next == Next::others_first) break;
        if (next != Next::go_on) return wait(next);
    }
    context_.poller.defer(shared_from_this());
}

void Session::wait(Next next) {
    auto const until = next == Next::wait_readable ? Poller::Until::readable : Poller::Until::writable;
    was_woken_ = true;  // when it runs again
    if (!context_.poller.wait(shared_from_this(), socket_.get(), until))
        base::log::error("a connection was dropped: the system watches no more of them");
}

Session::Next Session::guarded_step() {
    try {
        return step();
    } catch (std::exception const& error) {
        base::log::error("{} failed: {}", described_, error.what());
        return on_failure(error);
    } catch (...) {
        base::log::error("{} failed for an unknown reason", described_);
        return on_failure(std::runtime_error("unknown"));
    }
}

Session::Next Session::on_failure(std::exception const& error) {
    receiver_.reset();
    if (state_ == State::writing || state_ == State::lingering) return Next::over;
    if (!std::exchange(is_admitted_, false)) return refuse({500, "The server failed."});
    try {
        return respond(service_.failed(parser_.head(), error), Then::linger);
    } catch (std::exception const& another) {
        base::log::error("{} failed again: {}", described_, another.what());
        return refuse({500, "The server failed."});
    }
}

Session::Next Session::step() {
    switch (state_) {
        case State::reading_head:
            return read_head();
        case State::handshaking:
            return handshake();
        case State::receiving_body:
            return receive_body();
        case State::receiving_chunks:
            return receive_chunks();
        case State::finishing_body:
            return finish_body();
        case State::writing:
            return write();
        case State::draining:
            return drain();
        case State::lingering:
            return linger();
    }
    return Next::over;
}

IoResult Session::receive(std::span<char> into) {
    if (!std::exchange(was_woken_, false) && stream_->drained()) return {Io::wait_readable, 0};
    return patient(stream_->read(into));
}

// TLS may have to say something of its own before it hears more. Who does not take that is cut, as with an
// answer: the end of the reading side would not wake a connection that waits to write.
IoResult Session::patient(IoResult result) {
    if (result.state == Io::wait_writable) {
        if (!interrupted_) interrupted_ = watch_.held();
        watch_.enter(Phase::writing, context_.limits.body_stall);
    } else if (interrupted_) {
        watch_.resume(*std::exchange(interrupted_, std::nullopt));
    }
    return result;
}

Session::Next Session::next_of(IoResult result) {
    switch (result.state) {
        case Io::moved:
            return Next::go_on;
        case Io::wait_readable:
            return Next::wait_readable;
        case Io::wait_writable:
            return Next::wait_writable;
        case Io::ended:
        case Io::failed:
            break;
    }
    return Next::over;
}

Session::Next Session::read_head() {
    if (opening_.speech == Opening::Speech::unclear && !input_.empty()) {
        auto const tls = context_.tls == nullptr ? Tls::absent : Tls::available;
        opening_ = read_opening(input_, opening_, context_.guest_word, tls);
        if (opening_.speech == Opening::Speech::none) return Next::over;
        if (opening_.speech == Opening::Speech::tls) return begin_tls();
    }
    bool const is_open = opening_.speech != Opening::Speech::unclear;
    auto const progress = is_open ? parser_.parse_head(input_) : RequestParser::Progress::needs_more;
    if (progress == RequestParser::Progress::refused) return refuse(parser_.fault());
    if (progress == RequestParser::Progress::complete) return on_head();

    bool const had_begun = parser_.has_begun() || !input_.empty();
    if (!had_begun && watch_.stopping()) return Next::over;
    if (input_.room().empty()) {
        input_.set_capacity(std::min(input_.capacity() * 2, context_.limits.head_bytes));
    }
    auto const result = receive(input_.room());
    if (result.state == Io::moved) {
        input_.commit(result.bytes);
        if (!had_begun) watch_.enter(Phase::reading_head, context_.limits.head);
    }
    if (result.state == Io::ended && had_begun && watch_.expired()) {
        return refuse({408, "The request took too long."});
    }
    // Who kept the connection is told that it ends, rather than cut off.
    if (result.state == Io::ended && watch_.expired()) stream_->finish();
    return next_of(result);
}

Session::Next Session::begin_tls() {
    stream_ = std::make_unique<TlsStream>(*context_.tls, socket_.get(), input_.bytes());
    input_.consume(input_.bytes().size());
    scheme_ = Scheme::https;
    state_ = State::handshaking;
    return Next::go_on;
}

// In the time of a head; it is the same thread's business as everything else of a connection.
Session::Next Session::handshake() {
    auto const result = patient(stream_->open());
    if (result.state == Io::moved) begin_next_request();
    return next_of(result);
}

Session::Next Session::on_head() {
    auto& head = parser_.head();
    head.peer_address = peer_address_;
    head.scheme = scheme_;
    head.is_guest = opening_.is_guest;
    described_ = describe(head);
    asked_ = std::chrono::steady_clock::now();
    exchange_.verb = head.verb;
    exchange_.version = parser_.is_http_1_1() ? Version::http_1_1 : Version::http_1_0;
    exchange_.afterwards = parser_.keep_alive() ? Afterwards::keep_alive : Afterwards::close;
    if (parser_.has_unknown_expectation()) return refuse({417, "Only 100-continue can be expected."});

    watch_.enter_without_limit(Phase::answering);
    auto decision = service_.admit(std::as_const(head));
    if (auto* response = std::get_if<Response>(&decision)) return refuse_body(std::move(*response));
    return admit_body(std::get<BodyPlan>(std::move(decision)));
}

Session::Next Session::answer() {
    Request request;
    request.body = std::move(*receiver_).finish();
    receiver_.reset();
    is_admitted_ = false;
    static_cast<RequestHead&>(request) = std::move(parser_.head());
    AnsweredClient const client(socket_.get());
    return respond(service_.answer(std::move(request)), Then::next_request);
}

Session::Next Session::refuse(RequestParser::Fault fault) {
    receiver_.reset();
    return respond(make_plain_response(fault.status, fault.text), Then::linger);
}

Session::Next Session::respond(Response response, Then then) {
    if (base::log::enabled(base::log::Level::info)) log_answer(described_, response, asked_);
    if (response.close_connection || watch_.stopping()) exchange_.afterwards = Afterwards::close;
    if (then == Then::linger) exchange_.afterwards = Afterwards::close;
    then_ = exchange_.afterwards == Afterwards::close ? Then::linger : then;
    queue_response(std::move(response), exchange_, context_.clock.now(), output_);
    watch_.enter(Phase::writing, context_.limits.body_stall);
    state_ = State::writing;
    return Next::go_on;
}

Session::Next Session::write() {
    auto const result = output_.send(*stream_);
    if (result.state == Io::moved) {
        if (output_.empty()) {
            after_writing();
        } else {
            watch_.enter(Phase::writing, context_.limits.body_stall);
        }
    }
    return next_of(result);
}

void Session::after_writing() {
    switch (then_) {
        case Then::receive_body:
            state_ = parser_.is_chunked() ? State::receiving_chunks : State::receiving_body;
            note_body_progress();
            return;
        case Then::next_request:
            return begin_next_request();
        case Then::drain:
            state_ = State::draining;
            watch_.enter(Phase::receiving, context_.limits.body_stall);
            return;
        case Then::linger:
            stream_->finish();
            state_ = State::lingering;
            left_to_discard_ = kLingerBytes;
            watch_.enter(Phase::lingering, kLingerTime);
            return;
    }
}

void Session::begin_next_request() {
    parser_.reset();
    described_ = kNoRequest;
    asked_.reset();
    exchange_ = {};
    is_admitted_ = false;
    state_ = State::reading_head;
    if (!input_.empty()) return watch_.enter(Phase::reading_head, context_.limits.head);
    input_.set_capacity(std::min(kInputBytes, context_.limits.head_bytes));
    watch_.enter(Phase::idle, context_.limits.idle);
}

Session::Next Session::linger() {
    input_.set_capacity(kLingerInputBytes);
    input_.consume(input_.bytes().size());
    auto const result = receive(input_.room());
    if (result.state != Io::moved) return next_of(result);
    left_to_discard_ -= std::min<std::uint64_t>(left_to_discard_, result.bytes);
    return left_to_discard_ == 0 ? Next::over : Next::go_on;
}

}  // namespace bluebatch::http
