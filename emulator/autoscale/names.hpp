#pragma once

#include "emulator/autoscale/value.hpp"

namespace bluebatch::emulator::autoscale {

// TimeInterval_Hour, taskcompletion. Batch: AS-22, AS-32
std::optional<Value> find_constant(std::string_view name);

}  // namespace bluebatch::emulator::autoscale
