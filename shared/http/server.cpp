#include "shared/http/server.hpp"

#include "shared/base/log.hpp"
#include "shared/http/listener.hpp"
#include "shared/http/session.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <vector>

namespace bluebatch::http {

namespace asio = boost::asio;

class Server::Impl {
public:
    Impl(base::Clock& clock, ServerLimits limits, unsigned threads)
        : limits_(limits),
          registry_(limits.connections),
          context_{clock, limits_, registry_},
          thread_count_(std::max(threads, 1U)),
          io_(static_cast<int>(thread_count_)),
          guard_(io_.get_executor()),
          timer_(io_) {}

    ~Impl() { stop(std::chrono::milliseconds{0}); }

    std::uint16_t listen(std::string const& host, std::uint16_t port, Service& service) {
        auto opened = open_acceptors(io_, host, port);
        for (auto& acceptor : opened.acceptors) {
            listeners_.push_back(std::make_shared<Listener>(std::move(acceptor), io_, service, context_));
            listeners_.back()->start();
        }
        if (threads_.empty()) start_threads();
        return opened.port;
    }

    void stop(std::chrono::milliseconds grace) {
        for (auto const& listener : listeners_) {
            listener->stop();
        }
        registry_.begin_stop();
        if (!registry_.wait_until_empty(grace)) registry_.cut_all();
        io_.stop();
        threads_.clear();
    }

private:
    void start_threads() {
        tick();
        for (unsigned i = 0; i < thread_count_; ++i)
            threads_.emplace_back([this] { run(); });
    }

    void run() {
        // sendfile(2) to a connection that the peer has reset would end the process; see PlainStream.
        ::sigset_t broken_pipe;
        ::sigemptyset(&broken_pipe);
        ::sigaddset(&broken_pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        io_.run();
    }

    void tick() {
        timer_.expires_after(SessionRegistry::kTick);
        timer_.async_wait([this](boost::system::error_code const& error) {
            if (error) return;
            registry_.tick();
            tick();
        });
    }

    ServerLimits const limits_;
    SessionRegistry registry_;
    SessionContext context_;
    unsigned const thread_count_;
    asio::io_context io_;  // after what its handlers refer to, which it destroys
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
    asio::steady_timer timer_;
    std::vector<std::shared_ptr<Listener>> listeners_;
    std::vector<std::jthread> threads_;
};

Server::Server(base::Clock& clock, ServerLimits limits, unsigned threads)
    : impl_(std::make_unique<Impl>(clock, limits, threads)) {}

Server::~Server() = default;

std::uint16_t Server::listen(std::string const& host, std::uint16_t port, Service& service) {
    if (!impl_) throw std::logic_error("the server has been stopped");
    return impl_->listen(host, port, service);
}

void Server::stop(std::chrono::milliseconds grace) {
    if (!impl_) return;
    impl_->stop(grace);
    // Closes what the threads had no time for: a connection that was accepted and not served yet.
    impl_.reset();
}

}  // namespace bluebatch::http
