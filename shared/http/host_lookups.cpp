#include "shared/http/host_lookups.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace bluebatch::http {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

FoundHost look_up_host(std::string const& host, std::uint16_t port) {
    asio::io_context io;
    Tcp::resolver resolver(io);
    boost::system::error_code error;
    FoundHost found;
    for (auto const& entry : resolver.resolve(host, std::to_string(port), error))
        found.endpoints.push_back(entry.endpoint());
    if (found.endpoints.empty()) found.fault = error ? error.message() : "it has no address";
    return found;
}

// Shared with the threads, which may outlive everything else.
struct HostLookups::Mailbox {
    std::mutex mutex;
    HostLookups* owner;  // null: gone
};

HostLookups::HostLookups(asio::io_context& io, LookUp look_up, std::size_t at_once)
    : io_(io), look_up_(std::move(look_up)), at_once_(at_once), mailbox_(std::make_shared<Mailbox>()) {
    mailbox_->owner = this;
}

HostLookups::~HostLookups() {
    std::scoped_lock const lock(mailbox_->mutex);
    mailbox_->owner = nullptr;
}

std::uint64_t HostLookups::start(std::string const& host, std::uint16_t port, Done done) {
    auto const number = ++last_number_;
    waiting_.emplace(number, std::move(done));
    boost::system::error_code error;
    auto const address = asio::ip::make_address(host, error);
    if (!error)
        asio::post(io_, [this, number, endpoint = Tcp::endpoint(address, port)] {
            tell(number, {{endpoint}, {}});
        });
    else if (running_ < at_once_)
        begin({number, host, port});
    else
        queue_.push_back({number, host, port});
    return number;
}

void HostLookups::forget(std::uint64_t number) {
    waiting_.erase(number);
    std::erase_if(queue_, [&](Wanted const& wanted) { return wanted.number == number; });
}

void HostLookups::begin(Wanted wanted) {
    ++running_;
    auto const number = wanted.number;
    try {
        std::thread([mailbox = mailbox_, look_up = look_up_, wanted = std::move(wanted)] {
            auto found = look_up(wanted.host, wanted.port);
            std::scoped_lock const lock(mailbox->mutex);
            auto* const owner = mailbox->owner;
            if (owner == nullptr) return;
            asio::post(owner->io_, [owner, number = wanted.number, found = std::move(found)]() mutable {
                owner->finish(number, std::move(found));
            });
        }).detach();
    } catch (std::system_error const& error) {
        asio::post(io_, [this, number, why = std::string(error.what())] { finish(number, {{}, why}); });
    }
}

void HostLookups::finish(std::uint64_t number, FoundHost found) {
    --running_;
    if (!queue_.empty()) {
        auto next = std::move(queue_.front());
        queue_.pop_front();
        begin(std::move(next));
    }
    tell(number, std::move(found));
}

void HostLookups::tell(std::uint64_t number, FoundHost found) {
    auto const waiting = waiting_.extract(number);
    if (!waiting.empty()) waiting.mapped()(std::move(found));
}

}  // namespace bluebatch::http
