#include "shared/http/local_client.hpp"

#include "shared/base/file_io.hpp"
#include "shared/base/log.hpp"
#include "shared/http/body_receiver.hpp"
#include "shared/http/incoming_body.hpp"
#include "shared/http/status.hpp"
#include "shared/http/url.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace bluebatch::http {

namespace {

constexpr std::size_t kReadAtOnce = 256 << 10;

std::optional<Request> make_request(OutgoingRequest const& outgoing) {
    auto const url = parse_url(outgoing.url);
    if (!url || outgoing.verb == Verb::other) return std::nullopt;
    Request request;
    auto const target =
        url->target.starts_with('/') ? std::string(url->target) : "/" + std::string(url->target);
    if (!parse_target(target, request)) return std::nullopt;
    request.verb = outgoing.verb;
    request.method = to_string(outgoing.verb);
    request.headers = outgoing.headers;
    if (!request.headers.has("Host")) request.headers.add("Host", std::string(url->authority));
    request.peer_address = "127.0.0.1";
    request.is_inner = true;
    request.scheme = url->scheme;
    request.headers.erase("Content-Length");
    if (states_length(outgoing)) {
        request.content_length = body_size(outgoing);
        request.headers.add("Content-Length", std::to_string(*request.content_length));
    }
    return request;
}

Body receive(BodyPlan plan, OutgoingRequest const& outgoing) {
    BodyReceiver receiver(std::move(plan), body_size(outgoing));
    if (auto const* text = std::get_if<std::string>(&outgoing.body)) {
        receiver.append(*text);
    } else {
        receiver.append_file(std::get<FileSlice>(outgoing.body));
    }
    return std::move(receiver).finish();
}

Response ask_service(Service& service, Request request, OutgoingRequest const& outgoing) {
    auto decision = service.admit(request);
    if (auto* refusal = std::get_if<Response>(&decision)) return std::move(*refusal);
    auto& plan = std::get<BodyPlan>(decision);
    if (body_size(outgoing) > plan.limit) return service.too_large(request, plan.limit);
    try {
        request.body = receive(std::move(plan), outgoing);
    } catch (std::exception const& error) {
        base::log::error("{} {} failed: {}", request.method, request.path, error.what());
        return service.failed(request, error);
    }
    return service.answer(std::move(request));
}

TransportError cancelled(OutgoingRequest const& request) {
    auto const url = parse_url(request.url);
    return {TransportFault::cancelled, std::string(url ? url->authority : "") + ": cancelled"};
}

class LocalClient final : public Client {
public:
    explicit LocalClient(Service& service) : service_(service) {}

    base::Result<IncomingResponse, TransportError> send(
        OutgoingRequest const& request, BodySink const& sink, std::stop_token stop
    ) override {
        if (stop.stop_requested()) return cancelled(request);
        auto response = ask(service_, request);
        IncomingResponse incoming;
        incoming.status = response.status;
        incoming.headers = std::move(response.headers);
        if (auto const length = stated_length(request.verb, response)) {
            incoming.headers.set("Content-Length", std::to_string(*length));
        }
        if (!carries_body(request.verb, response.status)) return incoming;

        IncomingBody body(sink, incoming.body);
        if (!hand_over(std::move(response), body, stop)) {
            if (stop.stop_requested() || body.why() == TransportFault::cancelled) return cancelled(request);
            return TransportError{TransportFault::other, "the answer is too large to be held in memory"};
        }
        return incoming;
    }

private:
    static bool hand_over(Response response, IncomingBody& body, std::stop_token const& stop) {
        if (!response.text.empty() && !body.take(response.status, response.text)) return false;
        std::string piece;
        // Each slice goes with its turn, so that of a blob in thousands of files one is open at a time.
        for (auto& waiting : response.slices) {
            auto slice = std::exchange(waiting, {});
            while (slice.length > 0) {
                piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(slice.length, kReadAtOnce)));
                base::read_all(slice.file->descriptor(), slice.offset, piece);
                if (stop.stop_requested() || !body.take(response.status, piece)) return false;
                slice.offset += piece.size();
                slice.length -= piece.size();
            }
        }
        return true;
    }

    Service& service_;
};

}  // namespace

Response ask(Service& service, OutgoingRequest const& request) {
    auto incoming = make_request(request);
    if (!incoming) return make_plain_response(400, "The request is malformed.");
    auto const path = incoming->path;
    try {
        return ask_service(service, std::move(*incoming), request);
    } catch (std::exception const& error) {
        base::log::error("{} {} failed: {}", to_string(request.verb), path, error.what());
        return make_plain_response(500, "The server failed.");
    }
}

std::unique_ptr<Client> make_local_client(Service& service) {
    return std::make_unique<LocalClient>(service);
}

}  // namespace bluebatch::http
