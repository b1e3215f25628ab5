#pragma once

#include "client/api/error.hpp"

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace bluebatch::cli {

// Of several transfers at once: the first failure ends the rest.
class FirstFailure {
public:
    explicit FirstFailure(std::stop_source& others) : others_(others) {}

    void note(client::ApiError const& error, std::string name) {
        {
            std::scoped_lock const lock(mutex_);
            if (!failure_) failure_ = {error, std::move(name)};
        }
        others_.request_stop();
    }
    // Once all have ended.
    std::optional<std::pair<client::ApiError, std::string>> const& get() const { return failure_; }

private:
    std::stop_source& others_;
    std::mutex mutex_;
    std::optional<std::pair<client::ApiError, std::string>> failure_;
};

}  // namespace bluebatch::cli
