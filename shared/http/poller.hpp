#pragma once

#include "shared/base/unique_descriptor.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace bluebatch::http {

// Waits for many sockets at once, for any number of threads that run it. What a socket's event leads to is
// done by the very thread that the kernel woke for it; no thread hands it to another (docs/adr/0002).
class Poller {
public:
    // Somebody who waits for a socket. While it waits it holds itself, so a poller must not go before all
    // have ended.
    class Waiter {
    public:
        virtual ~Waiter() = default;
        Waiter() = default;
        Waiter(Waiter const&) = delete;
        Waiter& operator=(Waiter const&) = delete;
        // Must not throw. Never two at a time for one waiter.
        virtual void resume() = 0;

    private:
        friend class Poller;
        std::shared_ptr<Waiter> held_;
        bool is_known_ = false;            // to the kernel
        std::atomic<bool> waits_ = false;  // hands what one thread wrote to the next one
    };
    enum class Until : std::uint8_t { readable, writable };

    Poller();  // throws std::system_error

    // Resumes it once, as soon as its socket is ready or has failed. A waiter has one socket all its life and
    // closes it only at its end. Whoever calls this must not touch the waiter afterwards: another thread may
    // run it already. False when the kernel has no room for another one.
    bool wait(std::shared_ptr<Waiter> waiter, int socket, Until until);
    // Resumes it after one other whose socket is ready, if there is any. For a waiter that is being resumed.
    void defer(std::shared_ptr<Waiter> waiter);

    void run();   // until stop(); what was deferred is resumed before that
    void stop();  // for good; nobody who waits is resumed any more
    // For a thread that will not come back soon: what was deferred goes to others.
    void leave_deferred_to_others();

private:
    std::shared_ptr<Waiter> take_ready(int timeout);  // null when none was in time
    std::shared_ptr<Waiter> look_out();
    std::shared_ptr<Waiter> take_deferred();

    base::UniqueDescriptor epoll_;
    base::UniqueDescriptor
        waker_;  // always readable; it wakes one thread or all, depending on how it is watched
    std::atomic<bool> is_stopped_ = false;
    std::atomic<bool> is_looking_out_ = false;  // one thread does
    std::mutex mutex_;
    std::deque<std::shared_ptr<Waiter>> deferred_;
    std::atomic<std::size_t> deferred_count_ = 0;
};

}  // namespace bluebatch::http
