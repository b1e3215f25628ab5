#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>

namespace bluebatch::emulator::app {

// What is still in use, by its name, whoever uses it. Thread-safe.
class Lives : public std::enable_shared_from_this<Lives> {
public:
    // One with that name lives until the last copy of the token is gone.
    std::shared_ptr<void> begin(std::string const& name);
    // False when one with that name still lives by then, or when asked to stop.
    bool wait_for_end(std::string const& name, std::chrono::milliseconds most, std::stop_token stop);

private:
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::multiset<std::string> names_;
};

}  // namespace bluebatch::emulator::app
