#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_set>

namespace bluebatch::http {

// What a connection is busy with, as far as others need to know.
enum class Phase : std::uint8_t { idle, reading_head, receiving, answering, writing, lingering };

class SessionRegistry;

// One connection's entry, kept as a member that is destroyed before the connection's socket is closed.
class SessionWatch {
public:
    SessionWatch(SessionRegistry& registry, int socket);
    ~SessionWatch();
    SessionWatch(SessionWatch const&) = delete;
    SessionWatch& operator=(SessionWatch const&) = delete;

    // The connection is cut when it is still in this phase, without another call, after so long.
    void enter(Phase phase, std::chrono::seconds at_most);
    void enter_without_limit(Phase phase);
    // What holds now, and what held before something that came between: its time has gone on.
    struct Held {
        Phase phase;
        std::uint64_t deadline;
    };
    Held held() const { return {phase_, deadline_}; }
    void resume(Held held);
    // Seconds since the registry began.
    std::chrono::seconds now() const;
    // True once the registry has cut the reading side because time was up.
    bool expired() const { return expired_; }
    bool stopping() const;

private:
    friend class SessionRegistry;
    void cut() const;
    void expire();

    SessionRegistry& registry_;
    int const socket_;
    std::atomic<Phase> phase_ = Phase::idle;
    std::atomic<std::uint64_t> deadline_;
    std::atomic<bool> expired_ = false;
};

// Knows every open connection of a server and cuts those whose time is up. It cuts with shutdown(2), which
// wakes the connection's own thread; nothing else of a connection is touched from here. Thread-safe.
//
// Time is counted in ticks of the machine, not asked of base::Clock: a virtual clock that leaps says nothing
// about a peer's silence.
class SessionRegistry {
public:
    static constexpr std::chrono::milliseconds kTick{250};

    explicit SessionRegistry(std::size_t most) : most_(most) {}

    bool is_full() const;
    // Called every kTick: time passes.
    void tick();
    // From now on no connection is kept for another request; those without a request are cut.
    void begin_stop();
    void cut_all();
    // False when connections remained after `at_most`.
    bool wait_until_empty(std::chrono::milliseconds at_most);
    // After cut_all(), while threads still resume the connections.
    void wait_until_empty();

private:
    friend class SessionWatch;
    std::uint64_t deadline_after(std::chrono::seconds time) const;

    std::size_t const most_;
    std::atomic<std::uint64_t> now_ = 0;
    std::atomic<bool> stopping_ = false;
    mutable std::mutex mutex_;
    std::condition_variable emptied_;
    std::unordered_set<SessionWatch*> sessions_;
};

}  // namespace bluebatch::http
