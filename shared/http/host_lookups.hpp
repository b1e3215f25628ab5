#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bluebatch::http {

struct FoundHost {
    std::vector<boost::asio::ip::tcp::endpoint> endpoints;
    std::string fault;  // why there are none
};

// Asks the system; may take as long as its name servers do.
FoundHost look_up_host(std::string const& host, std::uint16_t port);

// Looks up several hosts at once, each on a thread of its own that nobody waits for: the system's lookup
// can't be broken off. To be used on the thread of its io_context only, and to be destroyed when that has
// ended.
class HostLookups {
public:
    using LookUp = std::function<FoundHost(std::string const& host, std::uint16_t port)>;
    using Done = std::function<void(FoundHost)>;
    static constexpr std::size_t kMostAtOnce = 64;

    // `look_up` may still be in use when this object is gone.
    explicit HostLookups(
        boost::asio::io_context& io, LookUp look_up = look_up_host, std::size_t at_once = kMostAtOnce
    );
    ~HostLookups();
    HostLookups(HostLookups const&) = delete;
    HostLookups& operator=(HostLookups const&) = delete;

    // What `done` gets comes later, never at once; beyond the most at once, a host waits for its turn.
    // Addresses need no lookup. Gives a number for forget().
    std::uint64_t start(std::string const& host, std::uint16_t port, Done done);
    // Nobody is told any more.
    void forget(std::uint64_t number);

private:
    struct Wanted {
        std::uint64_t number;
        std::string host;
        std::uint16_t port;
    };
    struct Mailbox;

    void begin(Wanted wanted);
    void finish(std::uint64_t number, FoundHost found);
    void tell(std::uint64_t number, FoundHost found);

    boost::asio::io_context& io_;
    LookUp const look_up_;
    std::size_t const at_once_;
    std::shared_ptr<Mailbox> const mailbox_;
    std::map<std::uint64_t, Done> waiting_;
    std::deque<Wanted> queue_;
    std::size_t running_ = 0;
    std::uint64_t last_number_ = 0;
};

}  // namespace bluebatch::http
