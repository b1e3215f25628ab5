#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace bluebatch::http {

struct ProxyTarget {
    std::string host;  // without the brackets of an IPv6 address
    std::uint16_t port = 0;
};

struct ProxyRefusal {
    std::string reason;  // for a person
};

// Where a connection to a target is really made.
struct ProxyRoute {
    ProxyTarget target;
    std::string preface{};  // sent before all that the client sends
};

// That, or why it is not made.
using ProxyDecision = std::variant<ProxyRoute, ProxyRefusal>;

struct ProxyOptions {
    // "user:password", without which nothing is let through: other programs of this machine can reach the
    // port as well.
    std::string credentials;
    // Called on the proxy's thread; must not block.
    std::function<ProxyDecision(ProxyTarget const&)> decide;
    std::size_t connections = 1000;
};

// A proxy for one program: tunnels (CONNECT), and single requests with an absolute URL, which are handed on
// with their connection closed afterwards. It looks into neither. Listens on 127.0.0.1 at a free port, on a
// thread of its own.
class ConnectProxy {
public:
    // Throws std::system_error when there is no port to be had.
    explicit ConnectProxy(ProxyOptions options);
    ~ConnectProxy();  // cuts what is open

    std::uint16_t port() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bluebatch::http
