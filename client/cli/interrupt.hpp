#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace bluebatch::cli {

// Turns the first SIGINT, SIGTERM or SIGHUP into a stop request and leaves the process at the next, except at
// SIGHUP: a terminal that closes may send more than one. Made by main before any other thread, so that all of
// them inherit the blocked signals.
class Interrupt {
public:
    // `on_first` is called on a thread of its own.
    explicit Interrupt(std::function<void()> on_first);
    ~Interrupt();
    Interrupt(Interrupt const&) = delete;
    Interrupt& operator=(Interrupt const&) = delete;

    std::stop_token token() const { return source_.get_token(); }

private:
    void watch();

    std::function<void()> on_first_;
    std::stop_source source_;
    int signals_ = -1;
    int finished_ = -1;
    std::thread thread_;
};

}  // namespace bluebatch::cli
