#pragma once

#include "shared/http/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace bluebatch::http {

using Acceptor = boost::asio::ip::tcp::acceptor;

struct OpenedAcceptors {
    std::vector<Acceptor> acceptors;
    std::uint16_t port = 0;
};

// "localhost" is 127.0.0.1 and, where the machine has it, ::1 at the same port; any other host is one
// address. Throws std::system_error with a text that names host and port.
OpenedAcceptors open_acceptors(boost::asio::io_context& io, std::string const& host, std::uint16_t port);

// Accepts connections for one service, on the one thread that runs the acceptor's io_context, and hands them
// to the poller. Lives longer than that thread.
class Listener {
public:
    Listener(Acceptor acceptor, Service& service, SessionContext context);
    void start();

private:
    void accept_some();
    void begin_session(base::UniqueDescriptor socket, boost::asio::ip::tcp::endpoint const& peer);
    void start_later();

    Acceptor acceptor_;
    boost::asio::steady_timer retry_;
    Service& service_;
    SessionContext context_;
};

}  // namespace bluebatch::http
