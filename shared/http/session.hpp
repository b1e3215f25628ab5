#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/unique_descriptor.hpp"
#include "shared/http/body_receiver.hpp"
#include "shared/http/input_buffer.hpp"
#include "shared/http/opening.hpp"
#include "shared/http/output_queue.hpp"
#include "shared/http/poller.hpp"
#include "shared/http/request_parser.hpp"
#include "shared/http/response_head.hpp"
#include "shared/http/server.hpp"
#include "shared/http/session_registry.hpp"
#include "shared/http/stream.hpp"
#include "shared/http/tls_context.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::http {

struct SessionContext {
    base::Clock& clock;
    ServerLimits const& limits;
    SessionRegistry& registry;
    Poller& poller;
    TlsContext* tls;  // null: only plain connections are served
    std::string_view guest_word;
};

// One connection: reads requests, asks the service, writes answers, one after another. At any time it either
// runs on one thread or waits for its socket, and the wait holds the only reference: when nothing is waited
// for, it is gone.
class Session final : public Poller::Waiter, public std::enable_shared_from_this<Session> {
public:
    // `socket` is non-blocking.
    Session(
        base::UniqueDescriptor socket, std::string peer_address, Service& service, SessionContext context
    );
    void begin() { wait(Next::wait_readable); }

private:
    enum class State : std::uint8_t {
        reading_head,
        handshaking,
        receiving_body,
        receiving_chunks,
        finishing_body,
        writing,
        draining,
        lingering
    };
    enum class Then : std::uint8_t { receive_body, next_request, drain, linger };
    enum class Next : std::uint8_t { go_on, others_first, wait_readable, wait_writable, over };

    void resume() override;
    Next guarded_step();
    Next on_failure(std::exception const& error);
    Next step();
    void wait(Next next);
    IoResult receive(std::span<char> into);
    IoResult patient(IoResult result);
    static Next next_of(IoResult result);

    Next read_head();
    Next begin_tls();
    Next handshake();
    Next on_head();
    Next admit_body(BodyPlan plan);
    void note_body_progress();
    Next receive_body();
    Next receive_chunks();
    Next on_receiving_failed(IoResult result);
    bool lets_others_go(bool must_wait);
    Next finish_body();
    Next answer();
    Next write();
    void after_writing();
    void begin_next_request();
    Next drain();
    Next linger();

    Next refuse(RequestParser::Fault fault);
    Next refuse_body(Response response);
    Next respond(Response response, Then then);

    base::UniqueDescriptor socket_;
    SessionWatch watch_;  // after socket_, so that it goes first
    std::optional<SessionWatch::Held> interrupted_;
    std::unique_ptr<Stream> stream_;
    std::string peer_address_;
    Service& service_;
    SessionContext context_;

    State state_ = State::reading_head;
    Then then_ = Then::next_request;
    InputBuffer input_;
    RequestParser parser_;
    OutputQueue output_;
    std::optional<BodyReceiver> receiver_;
    Exchange exchange_;
    Scheme scheme_ = Scheme::http;
    std::string described_;                                       // the request, for the log
    std::optional<std::chrono::steady_clock::time_point> asked_;  // once its head had come
    std::uint64_t body_limit_ = 0;
    std::chrono::seconds body_began_{0};
    std::uint64_t left_to_discard_ = 0;
    Opening opening_;
    bool was_woken_ = false;
    bool has_let_others_go_ = false;
    bool is_admitted_ = false;  // the service has asked for a body that is not complete yet
};

}  // namespace bluebatch::http
