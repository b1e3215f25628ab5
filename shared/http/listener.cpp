#include "shared/http/listener.hpp"

#include "shared/base/log.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <string_view>
#include <system_error>

namespace bluebatch::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds kRetryAfter{100};
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
    Acceptor acceptor(asio::make_strand(io.get_executor()));
    Tcp::endpoint const endpoint(address, port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(Tcp::acceptor::max_listen_connections, error);
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

Listener::Listener(Acceptor acceptor, asio::io_context& io, Service& service, SessionContext context)
    : acceptor_(std::move(acceptor)), io_(io), retry_(io), service_(service), context_(context) {}

void Listener::start() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
}

void Listener::stop() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
        self->retry_.cancel();
        error_code ignored;
        self->acceptor_.close(ignored);
    });
}

void Listener::accept() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_accept(
        io_.get_executor(),
        asio::bind_executor(
            acceptor_.get_executor(),
            [self = shared_from_this()](error_code const& error, Session::Socket socket) {
                if (error == asio::error::operation_aborted) return;
                if (error) {
                    base::log::warning("a connection could not be accepted: {}", error.message());
                    return self->accept_later();
                }
                self->begin_session(std::move(socket));
                self->accept();
            }
        )
    );
}

void Listener::accept_later() {
    retry_.expires_after(kRetryAfter);
    retry_.async_wait(asio::bind_executor(
        acceptor_.get_executor(),
        [self = shared_from_this()](error_code const& error) {
            if (!error) self->accept();
        }
    ));
}

void Listener::begin_session(Session::Socket socket) {
    error_code error;
    auto const peer = socket.remote_endpoint(error);
    if (!error) socket.native_non_blocking(true, error);
    if (!error) socket.set_option(Tcp::no_delay(true), error);
    if (error) return;  // the peer has gone already
    if (context_.registry.is_full()) {
        socket.write_some(asio::buffer(kBusy.data(), kBusy.size()), error);
        return;
    }
    auto session = std::make_shared<Session>(std::move(socket), text_of(peer.address()), service_, context_);
    asio::post(io_, [session = std::move(session)] { session->run(); });
}

}  // namespace bluebatch::http
