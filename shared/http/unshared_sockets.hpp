#pragma once

#include <boost/asio/ip/tcp.hpp>

// Sockets that programs do not inherit which this one runs. Asio opens and accepts them without that, and to
// mend it afterwards would be too late for a program that is run at this very moment.
namespace bluebatch::http {

// In place of a socket's or an acceptor's own open().
boost::system::error_code open_unshared(
    boost::asio::ip::tcp::acceptor& acceptor, boost::asio::ip::tcp const& protocol
);
boost::system::error_code open_unshared(
    boost::asio::ip::tcp::socket& socket, boost::asio::ip::tcp const& protocol
);

// In place of its accept(); it must not block.
boost::system::error_code accept_unshared(
    boost::asio::ip::tcp::acceptor& acceptor, boost::asio::ip::tcp::socket& accepted
);

}  // namespace bluebatch::http
