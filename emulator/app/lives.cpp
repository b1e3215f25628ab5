#include "emulator/app/lives.hpp"

#include <utility>

namespace bluebatch::emulator::app {

std::shared_ptr<void> Lives::begin(std::string const& name) {
    std::scoped_lock const lock(mutex_);
    auto const entry = names_.insert(name);
    return {this, [lives = shared_from_this(), entry](void*) {
                {
                    std::scoped_lock const ending(lives->mutex_);
                    lives->names_.erase(entry);
                }
                lives->ended_.notify_all();
            }};
}

bool Lives::wait_for_end(std::string const& name, std::chrono::milliseconds most, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, std::move(stop), most, [&] { return !names_.contains(name); });
}

}  // namespace bluebatch::emulator::app
