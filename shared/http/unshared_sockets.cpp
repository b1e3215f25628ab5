#include "shared/http/unshared_sockets.hpp"

#include <unistd.h>

#include <sys/socket.h>

#include <cerrno>

namespace bluebatch::http {

using boost::system::error_code;
using Tcp = boost::asio::ip::tcp;

namespace {

// Takes the descriptor, or why there is none from errno.
template <class Socket>
error_code give(Socket& socket, Tcp const& protocol, int descriptor) {
    if (descriptor < 0) return {errno, boost::system::system_category()};
    error_code error;
    if (socket.is_open()) socket.close(error);
    socket.assign(protocol, descriptor, error);
    if (error) ::close(descriptor);
    return error;
}

int make(Tcp const& protocol) {
    return ::socket(protocol.family(), protocol.type() | SOCK_CLOEXEC, protocol.protocol());
}

}  // namespace

error_code open_unshared(Tcp::acceptor& acceptor, Tcp const& protocol) {
    return give(acceptor, protocol, make(protocol));
}

error_code open_unshared(Tcp::socket& socket, Tcp const& protocol) {
    return give(socket, protocol, make(protocol));
}

error_code accept_unshared(Tcp::acceptor& acceptor, Tcp::socket& accepted) {
    error_code error;
    auto const protocol = acceptor.local_endpoint(error).protocol();
    if (error) return error;
    return give(accepted, protocol, ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC));
}

}  // namespace bluebatch::http
