#include "shared/http/poller.hpp"

#include <sched.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace bluebatch::http {

namespace {

constexpr int kForever = -1;
constexpr std::chrono::microseconds kLooksOutFor{60};

int made(int descriptor) {
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "the poller can't be made");
    return descriptor;
}

// Nobody but the waker is without a waiter.
int watch(int epoll, int operation, int descriptor, std::uint32_t events, Poller::Waiter* waiter) {
    ::epoll_event event{};
    event.events = events;
    event.data.ptr = waiter;
    return ::epoll_ctl(epoll, operation, descriptor, &event);
}

}  // namespace

Poller::Poller()
    : epoll_(made(::epoll_create1(EPOLL_CLOEXEC))), waker_(made(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK))) {
    made(watch(epoll_.get(), EPOLL_CTL_ADD, waker_.get(), 0, nullptr));
}

bool Poller::wait(std::shared_ptr<Waiter> waiter, int socket, Until until) {
    auto* const waits = waiter.get();
    auto const operation = std::exchange(waits->is_known_, true) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    // Once this is said, the waiter may be resumed and gone.
    waits->held_ = std::move(waiter);
    waits->waits_.store(true, std::memory_order_release);
    auto const events = EPOLLONESHOT | (until == Until::readable ? EPOLLIN | EPOLLRDHUP : EPOLLOUT);
    if (watch(epoll_.get(), operation, socket, events, waits) == 0) return true;
    waits->held_.reset();
    return false;
}

void Poller::defer(std::shared_ptr<Waiter> waiter) {
    std::scoped_lock const lock(mutex_);
    deferred_.push_back(std::move(waiter));
    ++deferred_count_;
}

void Poller::run() {
    bool was_busy = false;
    while (!is_stopped_ || deferred_count_ > 0) {
        bool const has_deferred = deferred_count_ > 0;
        auto ready = take_ready(0);
        // Asked again: what wakes a thread for somebody deferred may just have been taken.
        if (!ready && was_busy && deferred_count_ == 0) ready = look_out();
        if (!ready && deferred_count_ == 0) ready = take_ready(kForever);
        was_busy = ready != nullptr;
        if (ready && has_deferred) leave_deferred_to_others();
        if (ready) std::exchange(ready, nullptr)->resume();
        if (!has_deferred) continue;
        if (auto const waiter = take_deferred()) waiter->resume();
    }
}

void Poller::stop() {
    std::scoped_lock const lock(mutex_);
    is_stopped_ = true;
    watch(epoll_.get(), EPOLL_CTL_MOD, waker_.get(), EPOLLIN, nullptr);
}

void Poller::leave_deferred_to_others() {
    std::scoped_lock const lock(mutex_);
    if (!deferred_.empty() && !is_stopped_)
        watch(epoll_.get(), EPOLL_CTL_MOD, waker_.get(), EPOLLIN | EPOLLONESHOT, nullptr);
}

// One at a time, so that the next one goes to another thread when this one takes long.
std::shared_ptr<Poller::Waiter> Poller::take_ready(int timeout) {
    ::epoll_event event{};
    if (::epoll_wait(epoll_.get(), &event, 1, timeout) != 1 || event.data.ptr == nullptr) return nullptr;
    auto* const waiter = static_cast<Waiter*>(event.data.ptr);
    if (!waiter->waits_.exchange(false, std::memory_order_acquire)) return nullptr;
    return std::move(waiter->held_);
}

// Who was answered often asks again at once, and to sleep and be woken takes longer than the answer does,
// above all on a virtual machine. Other work of this machine goes first: its processor is yielded at each
// look.
std::shared_ptr<Poller::Waiter> Poller::look_out() {
    if (is_looking_out_.exchange(true)) return nullptr;
    std::shared_ptr<Waiter> ready;
    auto const end = std::chrono::steady_clock::now() + kLooksOutFor;
    do {
        ::sched_yield();
        ready = take_ready(0);
    } while (!ready && deferred_count_ == 0 && std::chrono::steady_clock::now() < end);
    is_looking_out_ = false;
    return ready;
}

std::shared_ptr<Poller::Waiter> Poller::take_deferred() {
    std::scoped_lock const lock(mutex_);
    if (deferred_.empty()) return nullptr;
    auto waiter = std::move(deferred_.front());
    deferred_.pop_front();
    --deferred_count_;
    return waiter;
}

}  // namespace bluebatch::http
