#include "shared/http/listener.hpp"

#include "shared/base/log.hpp"
#include "shared/http/unshared_sockets.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace bluebatch::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds kRetryAfter{100};
// Before timers get their turn.
constexpr int kTogether = 64;
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\nRetry-After: 1\r\n\r\n";

[[noreturn]] void throw_unavailable(std::string const& host, std::uint16_t port, error_code error) {
    throw std::system_error(error, fmt::format("cannot listen at {}:{}", host, port));
}

std::string without_brackets(std::string const& host) {
    bool const has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return has_brackets ? host.substr(1, host.size() - 2) : host;
}

asio::ip::address resolve(asio::io_context& io, std::string const& host, std::uint16_t port) {
    error_code error;
    auto address = asio::ip::make_address(without_brackets(host), error);
    if (!error) return address;
    Tcp::resolver resolver(io);
    auto const found = resolver.resolve(host, std::to_string(port), error);
    if (error || found.empty()) throw_unavailable(host, port, error);
    return found.begin()->endpoint().address();
}

Acceptor open(asio::io_context& io, asio::ip::address const& address, std::uint16_t port, error_code& error) {
    Acceptor acceptor(io);
    Tcp::endpoint const endpoint(address, port);
    error = open_unshared(acceptor, endpoint.protocol());
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(Tcp::acceptor::max_listen_connections, error);
    if (!error) acceptor.native_non_blocking(true, error);
    return acceptor;
}

std::string text_of(asio::ip::address const& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

}  // namespace

OpenedAcceptors open_acceptors(asio::io_context& io, std::string const& host, std::uint16_t port) {
    bool const is_localhost = host == "localhost";
    auto const address =
        is_localhost ? asio::ip::address(asio::ip::address_v4::loopback()) : resolve(io, host, port);
    OpenedAcceptors opened;
    error_code error;
    opened.acceptors.push_back(open(io, address, port, error));
    if (error) throw_unavailable(host, port, error);
    opened.port = opened.acceptors.front().local_endpoint().port();
    if (is_localhost) {
        auto second = open(io, asio::ip::address_v6::loopback(), opened.port, error);
        if (!error) opened.acceptors.push_back(std::move(second));
    }
    return opened;
}

Listener::Listener(Acceptor acceptor, Service& service, SessionContext context)
    : acceptor_(std::move(acceptor)),
      retry_(acceptor_.get_executor()),
      service_(service),
      context_(context) {}

void Listener::start() {
    acceptor_.async_wait(Acceptor::wait_read, [this](error_code const& error) {
        if (!error) return accept_some();
        if (error != asio::error::operation_aborted)
            base::log::error("no more connections are accepted: {}", error.message());
    });
}

void Listener::accept_some() {
    for (int accepted = 0; accepted < kTogether; ++accepted) {
        Tcp::endpoint peer;
        auto size = static_cast<::socklen_t>(peer.capacity());
        base::UniqueDescriptor socket(
            ::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_CLOEXEC | SOCK_NONBLOCK)
        );
        if (!socket && (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)) break;
        if (!socket) {
            base::log::warning("a connection could not be accepted: {}", std::strerror(errno));
            return start_later();
        }
        peer.resize(size);
        begin_session(std::move(socket), peer);
    }
    start();
}

void Listener::start_later() {
    retry_.expires_after(kRetryAfter);
    retry_.async_wait([this](error_code const& error) {
        if (!error) start();
    });
}

void Listener::begin_session(base::UniqueDescriptor socket, Tcp::endpoint const& peer) {
    int const on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context_.registry.is_full()) {
        ::send(socket.get(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return;
    }
    std::make_shared<Session>(std::move(socket), text_of(peer.address()), service_, context_)->begin();
}

}  // namespace bluebatch::http
