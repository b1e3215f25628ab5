#pragma once

#include "emulator/autoscale/pool_samples.hpp"
#include "emulator/batch/service/conditions.hpp"
#include "emulator/batch/service/context.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::batch::service {

// InvalidAutoScalingSettings and its like, which say where a formula is wrong. Batch: AS-3
std::optional<BatchError> fault_of_formula(std::string_view formula);

// Switches it on, or changes what is given. Batch: AS-5
Result<domain::Pool> enable_auto_scale(
    Context const& context,
    std::string_view pool_id,
    Conditions const& conditions,
    std::optional<std::string> formula,
    std::optional<base::Ticks> interval
);
// The pool keeps its size. Batch: AS-6
Result<domain::Pool> disable_auto_scale(Context const& context, std::string_view pool_id);

// What the formula would do now. Batch: AS-7
Result<domain::AutoScaleRun> evaluate_auto_scale(
    Context const& context,
    autoscale::PoolSamples const& samples,
    std::string_view pool_id,
    std::string_view formula
);

}  // namespace bluebatch::emulator::batch::service
