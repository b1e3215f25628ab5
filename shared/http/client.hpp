#pragma once

#include "shared/base/result.hpp"
#include "shared/http/message.hpp"
#include "shared/http/service.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <variant>

namespace bluebatch::http {

enum class TransportFault : std::uint8_t {
    unresolved_host,
    refused,
    tls,
    timed_out,
    interrupted,
    cancelled,
    bad_url,
    other
};

struct TransportError {
    TransportFault fault = TransportFault::other;
    std::string message;  // names the host, never the query
};

[[noreturn]] void throw_exception_from_error(TransportError const& error, boost::source_location const&);

struct OutgoingRequest {
    Verb verb = Verb::get;
    std::string url = {};  // absolute, percent-encoded
    Headers headers = {};
    std::variant<std::string, FileSlice> body = {};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds stall_timeout{60'000};  // without a byte either way
    bool may_use_proxy = true;                        // not to what only this machine can ask
};

std::uint64_t body_size(OutgoingRequest const& request);
// Whether the request goes out with a Content-Length, which is there even for an empty body of PUT, POST,
// PATCH and MERGE.
bool states_length(OutgoingRequest const& request);

struct IncomingResponse {
    int status = 0;
    Headers headers;
    std::string body;  // empty when a sink took it
};

// Takes the body of a 2xx answer piece by piece; returning false cancels the transfer. Other answers land in
// `body`, of which at most 1 MiB is kept.
using BodySink = std::function<bool(std::span<std::byte const>)>;

inline constexpr std::size_t kMostErrorBody = 1 << 20;
inline constexpr std::size_t kMostBodyWithoutSink = 64 << 20;

// Sends one request and waits for its answer. Thread-safe; connections are kept and reused.
class Client {
public:
    virtual ~Client() = default;
    virtual base::Result<IncomingResponse, TransportError> send(
        OutgoingRequest const& request, BodySink const& sink, std::stop_token stop
    ) = 0;
};

struct ClientOptions {
    std::string user_agent = "bluebatch";
    std::string ca_file = {};  // empty: the system's
    // "HOST:PORT:ADDRESS:PORT": connect there instead, as for tests against a local front. Names and
    // certificates stay those of the URL; no proxy is used.
    std::vector<std::string> resolve = {};
    bool use_proxy_from_environment = true;
};

// libcurl: HTTP and HTTPS with verified certificates, proxies from the environment, keep-alive.
std::unique_ptr<Client> make_network_client(ClientOptions options);

// The same interface straight into a service of this process, with no socket between.
std::unique_ptr<Client> make_local_client(Service& service);

}  // namespace bluebatch::http
