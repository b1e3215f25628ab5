#include "client/api/waiter.hpp"

#include <condition_variable>
#include <mutex>

namespace bluebatch::client {

void SystemWaiter::wait(std::chrono::milliseconds duration, std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any never_notified;
    std::unique_lock lock(mutex);
    never_notified.wait_for(lock, stop, duration, [] { return false; });
}

}  // namespace bluebatch::client
