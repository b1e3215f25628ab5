#include "shared/http/server.hpp"

#include "shared/base/log.hpp"
#include "shared/http/listener.hpp"
#include "shared/http/poller.hpp"
#include "shared/http/session.hpp"
#include "shared/http/waiting.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace bluebatch::http {

namespace asio = boost::asio;

class Server::Impl {
public:
    Impl(base::Clock& clock, ServerLimits limits, unsigned threads, ServerDoors doors)
        : limits_(limits),
          registry_(limits.connections),
          doors_(std::move(doors)),
          tls_(doors_.certificates == nullptr ? nullptr : std::make_unique<TlsContext>(*doors_.certificates)),
          context_{clock, limits_, registry_, poller_, tls_.get(), doors_.guest_word},
          thread_count_(std::max(threads, 1U)),
          io_(kOneThread),
          timer_(io_) {}

    ~Impl() { stop(std::chrono::milliseconds{0}); }

    std::uint16_t listen(std::string const& host, std::uint16_t port, Service& service) {
        auto opened = open_acceptors(io_, host, port);
        for (auto& acceptor : opened.acceptors) {
            listeners_.push_back(std::make_unique<Listener>(std::move(acceptor), service, context_));
            asio::post(io_, [listener = listeners_.back().get()] { listener->start(); });
        }
        if (!door_.joinable()) start_threads();
        return opened.port;
    }

    void stop(std::chrono::milliseconds grace) {
        io_.stop();
        if (door_.joinable()) door_.join();
        listeners_.clear();
        registry_.begin_stop();
        if (!registry_.wait_until_empty(grace)) registry_.cut_all();
        registry_.wait_until_empty();
        poller_.stop();
        {
            std::scoped_lock const lock(threads_mutex_);
            is_stopping_ = true;
        }
        threads_.clear();
    }

    // Threads stay once they are there; there is never one more than waited at the same time.
    void begin_wait() {
        poller_.leave_deferred_to_others();
        std::scoped_lock const lock(threads_mutex_);
        ++waiting_;
        if (is_stopping_ || waiting_ <= spare_threads_ || spare_threads_ == kMostSpareThreads) return;
        try {
            threads_.emplace_back([this] { run(); });
            ++spare_threads_;
        } catch (std::system_error const& error) {
            // One less to serve the others while this one waits.
            base::log::warning("no spare thread could be started: {}", error.what());
        }
    }

    void end_wait() {
        std::scoped_lock const lock(threads_mutex_);
        --waiting_;
    }

    static Impl* of_this_thread() { return this_thread_; }

private:
    static constexpr unsigned kMostSpareThreads = 64;
    static constexpr int kOneThread = 1;

    void start_threads() {
        {
            std::scoped_lock const lock(threads_mutex_);
            for (unsigned i = 0; i < thread_count_; ++i)
                threads_.emplace_back([this] { run(); });
        }
        // The last one: whoever it lets in is served.
        tick();
        door_ = std::jthread([this] { io_.run(); });
    }

    void run() {
        // sendfile(2) to a connection that the peer has reset would end the process; see PlainStream.
        ::sigset_t broken_pipe;
        ::sigemptyset(&broken_pipe);
        ::sigaddset(&broken_pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        this_thread_ = this;
        poller_.run();
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
    Poller poller_;
    ServerDoors const doors_;
    std::unique_ptr<TlsContext> const tls_;
    SessionContext context_;
    unsigned const thread_count_;
    asio::io_context io_;
    asio::steady_timer timer_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::jthread door_;  // accepts connections, and counts the time of those that are open
    std::mutex threads_mutex_;
    unsigned waiting_ = 0;
    unsigned spare_threads_ = 0;
    bool is_stopping_ = false;
    std::vector<std::jthread> threads_;
    static thread_local Impl* this_thread_;
};

thread_local Server::Impl* Server::Impl::this_thread_ = nullptr;

Server::Server(base::Clock& clock, ServerLimits limits, unsigned threads, ServerDoors doors)
    : impl_(std::make_unique<Impl>(clock, limits, threads, std::move(doors))) {}

Server::~Server() = default;

std::uint16_t Server::listen(std::string const& host, std::uint16_t port, Service& service) {
    if (!impl_) throw std::logic_error("the server has been stopped");
    return impl_->listen(host, port, service);
}

void Server::stop(std::chrono::milliseconds grace) {
    if (!impl_) return;
    impl_->stop(grace);
    impl_.reset();
}

WaitingElsewhere::WaitingElsewhere() {
    if (auto* const server = Server::Impl::of_this_thread()) server->begin_wait();
}

WaitingElsewhere::~WaitingElsewhere() {
    if (auto* const server = Server::Impl::of_this_thread()) server->end_wait();
}

}  // namespace bluebatch::http
