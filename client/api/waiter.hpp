#pragma once

#include <chrono>
#include <stop_token>

namespace bluebatch::client {

// The only place where the client lets time pass, so that tests need none.
class Waiter {
public:
    virtual ~Waiter() = default;
    // Returns early when a stop is requested.
    virtual void wait(std::chrono::milliseconds duration, std::stop_token stop) = 0;
};

class SystemWaiter final : public Waiter {
public:
    void wait(std::chrono::milliseconds duration, std::stop_token stop) override;
};

}  // namespace bluebatch::client
