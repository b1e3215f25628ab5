#pragma once

#include "emulator/domain/failure.hpp"
#include "shared/base/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bluebatch::emulator::domain {

// Batch: AS-55
struct AutoScaleError {
    std::string code;
    std::string message;
    std::vector<NameValue> values;
};

struct AutoScaleRun {
    base::TimePoint timestamp;
    std::string results;
    std::optional<AutoScaleError> error;
};

// How a pool finds its size by itself. Batch: AS-1, AS-2, AS-4
struct AutoScale {
    std::string formula;
    base::Ticks interval = std::chrono::minutes{15};
    base::TimePoint enabled;  // when it was switched on, or changed, last
    base::TimePoint due;      // for the next evaluation
    std::optional<AutoScaleRun> run;
};

}  // namespace bluebatch::emulator::domain
