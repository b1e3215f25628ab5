#pragma once

#include "shared/base/clock.hpp"
#include "shared/http/certificate_source.hpp"
#include "shared/http/service.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace bluebatch::http {

struct ServerLimits {
    std::size_t head_bytes = 64 << 10;
    std::size_t header_fields = 200;
    std::size_t connections = 10'000;
    std::chrono::seconds idle{120};       // between requests
    std::chrono::seconds head{30};        // from the first byte of a head to its end
    std::chrono::seconds body_stall{60};  // without a byte of the body
    // A body may take this long, and a second more for so many bytes that have come: the service allows two
    // minutes for each megabyte. Who sends a byte now and then does not hold a connection for ever.
    std::chrono::seconds body{120};
    std::uint64_t body_bytes_per_second = 8 << 10;
};

// Besides plain HTTP.
struct ServerDoors {
    CertificateSource* certificates = nullptr;  // must outlive the server; null: no HTTPS
    std::string guest_word{};  // makes those who say it guests (guest_word.hpp); empty: nobody
};

// Listens on any number of ports, each with a service behind it, on one set of threads. With certificates
// every port speaks both HTTP and HTTPS: the first byte of a connection tells.
class Server {
public:
    Server(base::Clock& clock, ServerLimits limits, unsigned threads, ServerDoors doors = {});
    ~Server();  // stops

    // Binds and starts accepting; port 0 takes a free one. Returns the port. Throws std::system_error with a
    // text that names host and port when the address can't be had. The service must outlive the server.
    std::uint16_t listen(std::string const& host, std::uint16_t port, Service& service);
    // Stops accepting, lets answers that are being written finish for at most `grace`, then cuts. Not to be
    // called by a service; afterwards the server is of no more use.
    void stop(std::chrono::milliseconds grace);

private:
    friend class WaitingElsewhere;
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bluebatch::http
