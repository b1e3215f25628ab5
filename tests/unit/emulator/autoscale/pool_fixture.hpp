#pragma once

#include "emulator/autoscale/evaluation.hpp"
#include "emulator/autoscale/sample_history.hpp"

#include <functional>
#include <map>

namespace bluebatch::emulator::autoscale {

inline base::TimePoint at(std::string_view time) {
    return base::parse_iso8601(time).value();
}

// A pool as a formula sees it: at noon of a Monday, without nodes and samples, unless said otherwise.
class Pool {
public:
    Pool& now(std::string_view time) {
        now_ = at(time);
        return *this;
    }
    Pool& targets(int dedicated, int low_priority) {
        initial_.dedicated = dedicated;
        initial_.low_priority = low_priority;
        return *this;
    }
    Pool& option(Deallocation option) {
        initial_.deallocation = option;
        return *this;
    }
    Pool& current(Variable variable, double number) {
        current_[variable] = number;
        return *this;
    }
    // Newest first, one each 30 seconds; the first is so many seconds old.
    Pool& samples(Variable variable, Vector const& numbers, int age = 30) {
        for (auto const number : numbers) {
            samples_[age][variable] = number;
            age += 30;
        }
        return *this;
    }

    Outcome evaluate(std::string_view text) const {
        SampleHistory history;
        for (auto const& [age, sample] : samples_)
            history.record(now_ - std::chrono::seconds{age}, sample);
        base::SeededRandom random(1);
        Surroundings const surroundings{now_, initial_, current_, history, random};
        auto const formula = parse(text);
        if (!formula) return refuse(formula.error(), initial_);
        return autoscale::evaluate(*formula, surroundings);
    }

private:
    base::TimePoint now_ = at("2024-03-04T12:00:00Z");
    Decision initial_;
    PoolSample current_;
    std::map<int, PoolSample, std::greater<>> samples_;
};

// So many of one number.
inline Vector times(std::size_t count, double number) {
    return Vector(count, number);
}

inline Vector operator+(Vector left, Vector const& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

// "x=..." of the results of `x = EXPRESSION`, or what went wrong.
inline std::string value_of(std::string_view expression, Pool const& pool = {}) {
    auto const outcome = pool.evaluate("x = " + std::string(expression));
    if (outcome.error) return outcome.error->values.at(0).value;
    return outcome.results.substr(outcome.results.find(";x=") + 3);
}

}  // namespace bluebatch::emulator::autoscale
