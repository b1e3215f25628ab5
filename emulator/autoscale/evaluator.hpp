#pragma once

#include "emulator/autoscale/evaluation.hpp"

namespace bluebatch::emulator::autoscale {

// Why an evaluation does not go on.
struct Interruption {
    enum class Kind { stopped, insufficient_samples, failed };
    Kind kind = Kind::failed;
    Place place;
    std::string detail;
};
[[noreturn]] void throw_exception_from_error(Interruption const& interruption, boost::source_location const&);

// One run of one formula.
class Evaluator {
public:
    Evaluator(Formula const& formula, Surroundings const& surroundings);

    // Nothing when the last statement was reached.
    std::optional<Interruption> run();
    Decision decision() const;
    // What the user's variables hold, in the order of Formula::variables.
    std::vector<std::optional<Value>> const& variables() const { return variables_; }

private:
    using Evaluated = base::Result<Value, Interruption>;
    struct TargetValue {
        double number;
        bool is_set_by_full_name = false;
    };

    std::optional<Interruption> execute(Statement const& statement);
    Evaluated evaluate(Expression const& expression);
    base::Result<std::vector<Value>, Interruption> evaluate(std::vector<Expression> const& expressions);
    // Counts the numbers of a vector among all that there may be.
    bool is_beyond_bounds(Value const& value);
    base::Result<bool, Interruption> holds(Expression const& condition);

    static Evaluated evaluate(Constant const& constant, Place) { return constant.value; }
    Evaluated evaluate(UserVariable const& variable, Place) { return *variables_[variable.index]; }
    Evaluated evaluate(TargetVariable const& variable, Place) { return target(variable.target).number; }
    Evaluated evaluate(DeallocationVariable const&, Place) { return deallocation_; }
    Evaluated evaluate(CurrentNumber const& number, Place);
    Evaluated evaluate(FunctionCall const& call, Place place);
    Evaluated evaluate(SampleCall const& call, Place place);
    Evaluated evaluate(TimePart const& part, Place place);
    Evaluated evaluate(Negation const& negation, Place place);
    Evaluated evaluate(Chain const& chain, Place place);
    Evaluated evaluate(Choice const& choice, Place place);
    Evaluated call_special(Function const& function, std::vector<Value> const& arguments, Place place);

    TargetValue& target(Target which) { return targets_[static_cast<std::size_t>(which)]; }
    void assign(TargetName name, double number);

    Formula const& formula_;
    Surroundings const& surroundings_;
    std::array<TargetValue, 2> targets_;
    Deallocation deallocation_;
    std::vector<std::optional<Value>> variables_;
    std::size_t numbers_ = 0;
};

}  // namespace bluebatch::emulator::autoscale
