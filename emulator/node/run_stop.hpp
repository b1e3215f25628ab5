#pragma once

#include "emulator/domain/messages.hpp"

#include <atomic>
#include <stop_token>

namespace bluebatch::emulator::node {

// Asks one run to end, from any thread.
class RunStop {
public:
    void request(domain::StopReason reason) {
        reason_ = reason;
        source_.request_stop();
    }
    bool is_requested() const { return source_.stop_requested(); }
    domain::StopReason reason() const { return reason_; }  // once requested
    std::stop_token token() const { return source_.get_token(); }

private:
    std::stop_source source_;
    std::atomic<domain::StopReason> reason_ = domain::StopReason::terminated;
};

}  // namespace bluebatch::emulator::node
