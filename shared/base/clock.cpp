#include "shared/base/clock.hpp"

namespace bluebatch::base {

TimePoint SystemClock::now() const {
    return std::chrono::floor<Ticks>(std::chrono::system_clock::now());
}

}  // namespace bluebatch::base
