#pragma once

#include "shared/base/time.hpp"

namespace bluebatch::base {

// The only source of time in the program; whoever decides by time is given one, so that a virtual clock can
// stand in.
class Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    // What programs on this machine and elsewhere go by: differs from now() where a virtual clock stands in.
    virtual TimePoint machine_now() const { return now(); }
};

class SystemClock final : public Clock {
public:
    TimePoint now() const override;
};

}  // namespace bluebatch::base
