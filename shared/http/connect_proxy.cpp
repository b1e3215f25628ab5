#include "shared/http/connect_proxy.hpp"

#include "shared/http/host_lookups.hpp"
#include "shared/http/proxy_request.hpp"
#include "shared/http/status.hpp"
#include "shared/http/unshared_sockets.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace bluebatch::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::size_t kLongestHead = 64 << 10;
constexpr std::size_t kRelayed = 64 << 10;
constexpr std::chrono::seconds kHeadWithin{30};
constexpr std::chrono::seconds kConnectsWithin{30};
// A client that still sends when it is refused gets the answer instead of a reset, for so long or so much.
constexpr std::chrono::seconds kLingersFor{2};
constexpr std::size_t kDropsAtMost = 64 << 20;
constexpr std::chrono::milliseconds kAcceptAgainAfter{100};

// Bytes one way, until their sender has no more; then the other side is told.
class Pump {
public:
    Pump(Tcp::socket& from, Tcp::socket& to) : from_(from), to_(to) {}

    // `owner` keeps everything while bytes are under way.
    void run(std::shared_ptr<void> owner) {
        from_.async_read_some(
            asio::buffer(buffer_),
            [this, owner = std::move(owner)](error_code const& error, std::size_t count) mutable {
                if (error) return finish(error);
                asio::async_write(
                    to_,
                    asio::buffer(buffer_.data(), count),
                    [this, owner = std::move(owner)](error_code const& failure, std::size_t) mutable {
                        if (failure) return finish(failure);
                        run(std::move(owner));
                    }
                );
            }
        );
    }

private:
    void finish(error_code const& error) {
        error_code ignored;
        to_.shutdown(Tcp::socket::shutdown_send, ignored);
        // Nobody reads what the sender still has: it is told as well.
        if (error != asio::error::eof) from_.shutdown(Tcp::socket::shutdown_both, ignored);
    }

    Tcp::socket& from_;
    Tcp::socket& to_;
    std::array<char, kRelayed> buffer_{};
};

class Tunnel : public std::enable_shared_from_this<Tunnel> {
public:
    Tunnel(Tcp::socket client, ProxyOptions const& options, HostLookups& lookups, std::size_t& open)
        : client_(std::move(client)),
          server_(client_.get_executor()),
          timer_(client_.get_executor()),
          options_(options),
          lookups_(lookups),
          open_(open) {
        ++open_;
    }
    ~Tunnel() { --open_; }
    Tunnel(Tunnel const&) = delete;
    Tunnel& operator=(Tunnel const&) = delete;

    void run() {
        cut_after(kHeadWithin);
        asio::async_read_until(
            client_,
            asio::dynamic_buffer(input_, kLongestHead),
            "\r\n\r\n",
            [self = shared_from_this()](error_code const& error, std::size_t size) {
                if (error == asio::error::not_found) return self->refuse({431, "The head is too long."});
                if (!error) self->on_head(size);
            }
        );
    }

private:
    void cut_after(std::chrono::seconds time) {
        timer_.expires_after(time);
        timer_.async_wait([weak = weak_from_this()](error_code const& error) {
            auto const self = weak.lock();
            if (error || !self) return;
            error_code ignored;
            self->lookups_.forget(self->lookup_);
            self->client_.close(ignored);
            self->server_.close(ignored);
        });
    }

    void on_head(std::size_t size) {
        auto read = read_proxy_request(std::string_view{input_}.substr(0, size), options_.credentials);
        if (auto* const fault = std::get_if<ProxyFault>(&read)) return refuse(std::move(*fault));
        request_ = std::get<ProxyRequest>(std::move(read));
        input_.erase(0, size);
        auto decision = options_.decide(request_.target);
        if (auto* const refusal = std::get_if<ProxyRefusal>(&decision))
            return refuse({403, std::move(refusal->reason)});
        auto route = std::get<ProxyRoute>(std::move(decision));
        preface_ = std::move(route.preface);
        connect(route.target);
    }

    void connect(ProxyTarget const& target) {
        cut_after(kConnectsWithin);
        lookup_ = lookups_.start(target.host, target.port, [self = shared_from_this()](FoundHost found) {
            if (!found.fault.empty())
                return self->refuse({502, "The host could not be found: " + found.fault});
            self->found_ = std::move(found.endpoints);
            self->try_server(0);
        });
    }

    void try_server(std::size_t index) {
        auto const on_tried = [self = shared_from_this(), index](error_code const& error) {
            if (!error) return self->on_connected();
            if (error == asio::error::operation_aborted) return;
            if (index + 1 < self->found_.size()) return self->try_server(index + 1);
            self->refuse({502, "The host could not be reached: " + error.message()});
        };
        if (auto const error = open_unshared(server_, found_[index].protocol())) return on_tried(error);
        server_.async_connect(found_[index], on_tried);
    }

    void on_connected() {
        timer_.cancel();
        error_code ignored;
        client_.set_option(Tcp::no_delay(true), ignored);
        server_.set_option(Tcp::no_delay(true), ignored);
        if (request_.is_tunnel) {
            output_ = "HTTP/1.1 200 Connection established\r\n\r\n";
            asio::async_write(
                client_,
                asio::buffer(output_),
                [self = shared_from_this()](error_code const& error, std::size_t) {
                    if (!error) self->send_first();
                }
            );
        } else {
            send_first();
        }
    }

    // What has come behind the head is the server's already.
    void send_first() {
        request_.head.insert(0, preface_).append(std::exchange(input_, {}));
        asio::async_write(
            server_,
            asio::buffer(request_.head),
            [self = shared_from_this()](error_code const& error, std::size_t) {
                if (error) return;
                self->there_.run(self);
                self->back_.run(self);
            }
        );
    }

    void refuse(ProxyFault const& fault) {
        cut_after(kLingersFor);
        output_ = fmt::format(
            "HTTP/1.1 {} {}\r\n{}Content-Type: text/plain\r\nContent-Length: {}\r\nConnection: "
            "close\r\n\r\n{}\n",
            fault.status,
            reason_phrase(fault.status),
            fault.status == 407 ? "Proxy-Authenticate: Basic realm=\"bluebatch\"\r\n" : "",
            fault.text.size() + 1,
            fault.text
        );
        asio::async_write(
            client_,
            asio::buffer(output_),
            [self = shared_from_this()](error_code const& error, std::size_t) {
                if (error) return;
                error_code ignored;
                self->client_.shutdown(Tcp::socket::shutdown_send, ignored);
                self->input_.resize(kRelayed);
                self->drop(0);
            }
        );
    }

    void drop(std::size_t dropped) {
        client_.async_read_some(
            asio::buffer(input_),
            [self = shared_from_this(), dropped](error_code const& error, std::size_t count) {
                if (!error && dropped + count < kDropsAtMost) self->drop(dropped + count);
            }
        );
    }

    Tcp::socket client_;
    Tcp::socket server_;
    asio::steady_timer timer_;
    ProxyOptions const& options_;
    HostLookups& lookups_;
    std::size_t& open_;
    std::uint64_t lookup_ = 0;
    std::vector<Tcp::endpoint> found_;
    std::string input_;
    std::string output_;
    std::string preface_;
    ProxyRequest request_;
    Pump there_{client_, server_};
    Pump back_{server_, client_};
};

}  // namespace

class ConnectProxy::Impl {
public:
    explicit Impl(ProxyOptions options) : options_(std::move(options)), io_(1) {
        if (auto const error = open_unshared(acceptor_, Tcp::v4())) throw std::system_error(error);
        acceptor_.bind(Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        acceptor_.listen();
        acceptor_.non_blocking(true);
        port_ = acceptor_.local_endpoint().port();
        accept();
        thread_ = std::jthread([this] { io_.run(); });
    }
    ~Impl() {
        io_.stop();
        thread_.join();
    }

    std::uint16_t port() const { return port_; }

private:
    void accept() {
        acceptor_.async_wait(Tcp::acceptor::wait_read, [this](error_code const& error) {
            if (error == asio::error::operation_aborted) return;
            Tcp::socket socket(io_);
            auto const fault = error ? error : accept_unshared(acceptor_, socket);
            // Who has gone again is not there to be accepted.
            bool const is_gone =
                fault == asio::error::would_block || fault == asio::error::connection_aborted;
            if (fault && !is_gone) return accept_later();
            // One too many is closed at once.
            if (!fault && open_ < options_.connections)
                std::make_shared<Tunnel>(std::move(socket), options_, lookups_, open_)->run();
            accept();
        });
    }

    // There may be no descriptor left just now.
    void accept_later() {
        retry_.expires_after(kAcceptAgainAfter);
        retry_.async_wait([this](error_code const& error) {
            if (!error) accept();
        });
    }

    ProxyOptions const options_;
    std::size_t open_ = 0;  // before what its destruction still uses
    asio::io_context io_;
    HostLookups lookups_{io_};
    Tcp::acceptor acceptor_{io_};
    asio::steady_timer retry_{io_};
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

ConnectProxy::ConnectProxy(ProxyOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

ConnectProxy::~ConnectProxy() = default;

std::uint16_t ConnectProxy::port() const {
    return impl_->port();
}

}  // namespace bluebatch::http
