#pragma once

#include "emulator/autoscale/value.hpp"

#include <optional>

namespace bluebatch::emulator::autoscale {

// What a formula may ask about the past of a pool. Vectors begin with the newest sample: AS-47.
class Samples {
public:
    virtual ~Samples() = default;
    // Those taken at or after `begin` and before `end`.
    virtual Vector between(Variable variable, base::TimePoint begin, base::TimePoint end) const = 0;
    virtual Vector last(Variable variable, std::size_t count) const = 0;
    virtual std::size_t count(Variable variable) const = 0;
    // When the oldest was taken.
    virtual std::optional<base::TimePoint> begin(Variable variable) const = 0;
};

}  // namespace bluebatch::emulator::autoscale
