#pragma once

#include "emulator/autoscale/formula.hpp"
#include "emulator/autoscale/samples.hpp"
#include "shared/base/random.hpp"

namespace bluebatch::emulator::autoscale {

// What a formula decides; for the pool it is the state to start from.
struct Decision {
    int dedicated = 0;
    int low_priority = 0;
    Deallocation deallocation = Deallocation::requeue;
    bool operator==(Decision const&) const = default;
};

struct Surroundings {
    base::TimePoint now;
    // What the target variables hold until they are assigned, and what holds after an error. Batch: AS-33
    Decision initial;
    // The counts of the pool at this moment, for variables that stand for numbers. Batch: AS-38
    PoolSample current;
    Samples const& samples;
    base::Random& random;
};

// Batch: AS-55
struct EvaluationError {
    struct Value {
        std::string name;
        std::string value;
    };
    std::string code;
    std::string message;
    std::vector<Value> values;
};

struct Outcome {
    Decision decision;
    // "$TargetDedicatedNodes=3;...". Batch: AS-50
    std::string results;
    std::optional<EvaluationError> error;
};

// An evaluation that fails leaves everything as it was and says why. Batch: AS-11b
Outcome evaluate(Formula const& formula, Surroundings const& surroundings);
// Evaluating what is no formula fails in the same way. Batch: AS-7
Outcome refuse(FormulaFault const& fault, Decision const& initial);

}  // namespace bluebatch::emulator::autoscale
