#include "client/cli/pace.hpp"

#include <algorithm>

namespace bluebatch::cli {
namespace {

using std::chrono::milliseconds;

constexpr Pace kLocal{milliseconds(20), milliseconds(1'000), milliseconds(3'000)};
constexpr Pace kRemote{milliseconds(1'000), milliseconds(10'000), milliseconds(60'000)};

bool is_on_this_machine(std::string_view endpoint) {
    auto const host = endpoint.substr(endpoint.find("://") + 3);
    return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

}  // namespace

Pace pace_for(std::string_view batch_endpoint) {
    return is_on_this_machine(batch_endpoint) ? kLocal : kRemote;
}

milliseconds PollDelay::next() {
    auto const delay = next_;
    next_ = std::min(pace_.longest, next_ + next_ / 4);
    return delay;
}

void PollDelay::restart(milliseconds expected_left) {
    next_ = std::clamp(expected_left / 2, pace_.first, std::min(pace_.longest, 10 * pace_.first));
}

}  // namespace bluebatch::cli
