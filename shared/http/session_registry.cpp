#include "shared/http/session_registry.hpp"

#include <sys/socket.h>

#include <limits>

namespace bluebatch::http {

namespace {

constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();

}  // namespace

SessionWatch::SessionWatch(SessionRegistry& registry, int socket)
    : registry_(registry), socket_(socket), deadline_(kNever) {
    std::lock_guard const lock(registry_.mutex_);
    registry_.sessions_.insert(this);
}

SessionWatch::~SessionWatch() {
    std::lock_guard const lock(registry_.mutex_);
    registry_.sessions_.erase(this);
    if (registry_.sessions_.empty()) registry_.emptied_.notify_all();
}

void SessionWatch::enter(Phase phase, std::chrono::seconds at_most) {
    deadline_ = registry_.deadline_after(at_most);
    phase_ = phase;
}

void SessionWatch::enter_without_limit(Phase phase) {
    deadline_ = kNever;
    phase_ = phase;
}

void SessionWatch::resume(Held held) {
    deadline_ = held.deadline;
    phase_ = held.phase;
}

std::chrono::seconds SessionWatch::now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(
        static_cast<int>(registry_.now_) * SessionRegistry::kTick
    );
}

bool SessionWatch::stopping() const {
    return registry_.stopping_;
}

void SessionWatch::cut() const {
    ::shutdown(socket_, SHUT_RDWR);
}

void SessionWatch::expire() {
    deadline_ = kNever;
    auto const phase = phase_.load();
    if (phase == Phase::writing || phase == Phase::lingering) return cut();
    // The sending side stays open: the session still tells its peer why.
    expired_ = true;
    ::shutdown(socket_, SHUT_RD);
}

bool SessionRegistry::is_full() const {
    std::lock_guard const lock(mutex_);
    return sessions_.size() >= most_;
}

void SessionRegistry::tick() {
    auto const now = ++now_;
    std::lock_guard const lock(mutex_);
    for (auto* session : sessions_) {
        if (session->deadline_ <= now) session->expire();
    }
}

void SessionRegistry::begin_stop() {
    stopping_ = true;
    std::lock_guard const lock(mutex_);
    for (auto* session : sessions_) {
        auto const phase = session->phase_.load();
        if (phase == Phase::idle || phase == Phase::reading_head || phase == Phase::lingering) session->cut();
    }
}

void SessionRegistry::cut_all() {
    std::lock_guard const lock(mutex_);
    for (auto* session : sessions_)
        session->cut();
}

bool SessionRegistry::wait_until_empty(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return emptied_.wait_for(lock, at_most, [&] { return sessions_.empty(); });
}

void SessionRegistry::wait_until_empty() {
    std::unique_lock lock(mutex_);
    emptied_.wait(lock, [&] { return sessions_.empty(); });
}

std::uint64_t SessionRegistry::deadline_after(std::chrono::seconds time) const {
    // One more, because the current tick may be nearly over.
    return now_ + static_cast<std::uint64_t>(time / kTick) + 1;
}

}  // namespace bluebatch::http
