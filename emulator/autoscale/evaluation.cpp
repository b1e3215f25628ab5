#include "emulator/autoscale/evaluation.hpp"

#include "emulator/autoscale/evaluator.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::autoscale {

namespace {

// The variables of the service come first, whether they are assigned or not. Batch: AS-50, AS-53
std::string write(Decision const& decision) {
    return fmt::format(
        "{}={};{}={};{}={}",
        to_text(Target::dedicated),
        decision.dedicated,
        to_text(Target::low_priority),
        decision.low_priority,
        kDeallocationVariable,
        to_text(decision.deallocation)
    );
}

// By name; a `$` in front does not count, nor does case.
std::string write(std::vector<std::string> const& names, std::vector<std::optional<Value>> const& values) {
    std::vector<std::pair<std::string, std::size_t>> rows;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (values[i])
            rows.emplace_back(base::to_lower(names[i].substr(names[i].starts_with('$') ? 1 : 0)), i);
    std::ranges::sort(rows);
    std::string text;
    for (auto const& [key, index] : rows)
        text += fmt::format(";{}={}", names[index], to_text(*values[index]));
    return text;
}

Outcome fail(Decision const& initial, EvaluationError error) {
    return {initial, write(initial), std::move(error)};
}

EvaluationError error_of(Interruption const& interruption) {
    bool const is_insufficient = interruption.kind == Interruption::Kind::insufficient_samples;
    return {
        is_insufficient ? "InsufficientSampleData" : "AutoScalingFormulaEvaluationError",
        is_insufficient ? "Autoscale evaluation failed due to insufficient sample data"
                        : "Autoscale evaluation failed due to an error in the formula",
        {{"Message", locate(interruption.place, interruption.detail)}}};
}

}  // namespace

Outcome evaluate(Formula const& formula, Surroundings const& surroundings) {
    Evaluator evaluator(formula, surroundings);
    auto const interruption = evaluator.run();
    // What was assigned before stop() holds. Batch: AS-30
    if (interruption && interruption->kind != Interruption::Kind::stopped)
        return fail(surroundings.initial, error_of(*interruption));
    auto const decision = evaluator.decision();
    return {decision, write(decision) + write(formula.variables, evaluator.variables()), std::nullopt};
}

Outcome refuse(FormulaFault const& fault, Decision const& initial) {
    return fail(initial, error_of({Interruption::Kind::failed, fault.place, fault.detail}));
}

}  // namespace bluebatch::emulator::autoscale
