#pragma once

#include "shared/http/session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <memory>
#include <string>
#include <vector>

namespace bluebatch::http {

using Acceptor = boost::asio::
    basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::strand<boost::asio::io_context::executor_type>>;

struct OpenedAcceptors {
    std::vector<Acceptor> acceptors;
    std::uint16_t port = 0;
};

// "localhost" is 127.0.0.1 and, where the machine has it, ::1 at the same port; any other host is one
// address. Throws std::system_error with a text that names host and port.
OpenedAcceptors open_acceptors(boost::asio::io_context& io, std::string const& host, std::uint16_t port);

// Accepts connections for one service. Its handlers run on the acceptor's strand.
class Listener final : public std::enable_shared_from_this<Listener> {
public:
    Listener(Acceptor acceptor, boost::asio::io_context& io, Service& service, SessionContext context);
    void start();
    // Closes the port soon, from any thread.
    void stop();

private:
    void accept();
    void begin_session(Session::Socket socket);
    void accept_later();

    Acceptor acceptor_;
    boost::asio::io_context& io_;
    boost::asio::steady_timer retry_;
    Service& service_;
    SessionContext context_;
};

}  // namespace bluebatch::http
