#include "emulator/autoscale/functions.hpp"

#include "emulator/autoscale/arithmetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace bluebatch::emulator::autoscale {

namespace {

using Number = base::Result<double>;

base::Failure too_few(std::size_t needed) {
    return {fmt::format("At least {} {} needed", needed, needed == 1 ? "value is" : "values are")};
}

double total(Vector const& list) {
    return std::accumulate(list.begin(), list.end(), 0.0);
}

Number length(Vector const& list) {
    return static_cast<double>(list.size());
}

Number sum_of(Vector const& list) {
    return finite(total(list));
}

Number average(Vector const& list) {
    if (list.empty()) return too_few(1);
    return finite(total(list) / static_cast<double>(list.size()));
}

Number largest(Vector const& list) {
    if (list.empty()) return too_few(1);
    return *std::ranges::max_element(list);
}

Number smallest(Vector const& list) {
    if (list.empty()) return too_few(1);
    return *std::ranges::min_element(list);
}

Number range_of(Vector const& list) {
    if (list.empty()) return too_few(1);
    auto const [low, high] = std::ranges::minmax_element(list);
    return finite(*high - *low);
}

// Of a sample, so by n - 1.
Number deviation(Vector const& list) {
    if (list.size() < 2) return too_few(2);
    auto const mean = total(list) / static_cast<double>(list.size());
    double squares = 0;
    for (auto const number : list)
        squares += (number - mean) * (number - mean);
    return finite(std::sqrt(squares / static_cast<double>(list.size() - 1)));
}

Number euclidean_norm(Vector const& list) {
    return finite(std::sqrt(std::inner_product(list.begin(), list.end(), list.begin(), 0.0)));
}

// Interpolated between neighbours, which is a choice of ours: AS-27.
Number percentile(Vector const& vector, double percent) {
    if (vector.empty()) return too_few(1);
    if (percent < 0 || percent > 100) return base::Failure{"A percentile lies between 0 and 100"};
    auto sorted = vector;
    std::ranges::sort(sorted);
    auto const position = static_cast<double>(sorted.size() - 1) * percent / 100;
    auto const below = static_cast<std::size_t>(position);
    if (below + 1 >= sorted.size()) return sorted.back();
    return finite(sorted[below] + (position - std::floor(position)) * (sorted[below + 1] - sorted[below]));
}

Number element(Vector const& vector, double index) {
    if (index < 0 || index >= static_cast<double>(vector.size()))
        return base::Failure{
            fmt::format("Index {} lies outside of a vector of {} elements", to_text(index), vector.size())};
    return vector[static_cast<std::size_t>(index)];
}

// Batch: AS-25
template <double (*logarithm)(double)>
Number logarithm_of(double number) {
    if (number <= 0) return base::Failure{"The logarithm of a number that is not positive"};
    return logarithm(number);
}

Number round_up(double number) {
    return std::ceil(number);
}
Number round_down(double number) {
    return std::floor(number);
}
// Halves go up, a choice of ours: AS-28.
Number round_half_up(double number) {
    return std::floor(number + 0.5);
}

constexpr std::array<Function, 19> kFunctions{{
    {"avg", &average},
    {"len", &length},
    {"max", &largest},
    {"min", &smallest},
    {"sum", &sum_of},
    {"range", &range_of},
    {"std", &deviation},
    {"norm", &euclidean_norm},
    {"percentile", &percentile},
    {"val", &element},
    {"lg", &logarithm_of<std::log2>},
    {"ln", &logarithm_of<std::log>},
    {"log", &logarithm_of<std::log10>},
    {"ceil", &round_up},
    {"floor", &round_down},
    {"round", &round_half_up},
    {"rand", SpecialFunction::random},
    {"time", SpecialFunction::time},
    {"stop", SpecialFunction::stop},
}};

bool is_list(std::span<Type const> arguments) {
    return std::ranges::all_of(arguments, [](Type type) {
        return could_be(type, Type::number) || type == Type::vector;
    });
}

// The type of a call, or what the function takes.
struct TypeOfCall {
    std::span<Type const> arguments;

    base::Result<Type> operator()(Function::OfList) const {
        if (is_list(arguments)) return Type::number;
        return base::Failure{"doubles and doubleVecs"};
    }
    base::Result<Type> operator()(Function::OfEach) const {
        if (arguments.size() == 1 && could_be(arguments[0], Type::number)) return arguments[0];
        if (!arguments.empty() && is_list(arguments)) return Type::vector;
        return base::Failure{"a double, or doubles and doubleVecs"};
    }
    base::Result<Type> operator()(Function::OfVector) const {
        if (arguments.size() == 2 && could_be(arguments[0], Type::vector) &&
            could_be(arguments[1], Type::number))
            return Type::number;
        return base::Failure{"a doubleVec and a double"};
    }
    base::Result<Type> operator()(SpecialFunction function) const {
        if (function == SpecialFunction::time) {
            bool const has_text = arguments.size() == 1 && could_be(arguments[0], Type::text);
            if (arguments.empty() || has_text) return Type::timestamp;
            return base::Failure{"nothing, or a string"};
        }
        if (!arguments.empty()) return base::Failure{"no arguments"};
        return function == SpecialFunction::random ? Type::number : Type::unknown;
    }
};

// One vector of all that the arguments hold. Batch: AS-27
Vector flatten(std::span<Value const> arguments) {
    Vector list;
    for (auto const& argument : arguments) {
        if (auto const* const vector = std::get_if<Vector>(&argument))
            list.insert(list.end(), vector->begin(), vector->end());
        else
            list.push_back(std::get<double>(argument));
    }
    return list;
}

struct Call {
    std::span<Value const> arguments;

    base::Result<Value> operator()(Function::OfList function) const {
        return wrap(function(flatten(arguments)));
    }
    base::Result<Value> operator()(Function::OfEach function) const {
        if (auto const* const number = std::get_if<double>(arguments.data());
            number != nullptr && arguments.size() == 1)
            return wrap(function(*number));
        auto list = flatten(arguments);
        for (auto& number : list) {
            auto const result = function(number);
            if (!result) return result.error();
            number = *result;
        }
        return Value{std::move(list)};
    }
    base::Result<Value> operator()(Function::OfVector function) const {
        return wrap(function(std::get<Vector>(arguments[0]), std::get<double>(arguments[1])));
    }
    base::Result<Value> operator()(SpecialFunction) const {
        return base::Failure{"Only an evaluation can call this"};
    }

private:
    static base::Result<Value> wrap(Number const& number) {
        if (!number) return number.error();
        return Value{*number};
    }
};

}  // namespace

Function const* find_function(std::string_view name) {
    auto const found = std::ranges::find(kFunctions, name, &Function::name);
    return found == kFunctions.end() ? nullptr : &*found;
}

base::Result<Type> type_of(Function const& function, std::span<Type const> arguments) {
    auto const type = std::visit(TypeOfCall{arguments}, function.body);
    if (type) return *type;
    return base::Failure{fmt::format("Function '{}' takes {}", function.name, type.error().message)};
}

base::Result<Value> result_of(Function const& function, std::span<Value const> arguments) {
    return std::visit(Call{arguments}, function.body);
}

base::Result<base::TimePoint> read_time(std::string_view text) {
    // A year or a month alone is its beginning.
    std::string date(text);
    constexpr std::size_t kYearOnly = 4;
    constexpr std::size_t kMonthOnly = 7;
    if (text.size() == kYearOnly) date += "-01-01";
    if (text.size() == kMonthOnly) date += "-01";
    if (auto const time = base::parse_iso8601(date)) return *time;
    if (auto const time = base::parse_rfc1123(text)) return *time;
    return base::Failure{fmt::format("'{}' is not a W3C or RFC 1123 time", text)};
}

}  // namespace bluebatch::emulator::autoscale
