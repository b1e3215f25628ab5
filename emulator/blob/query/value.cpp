#include "emulator/blob/query/value.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace bluebatch::emulator::blob::query {
namespace {

constexpr RecordFault kNoCast{Fault::invalid_type_conversion};

std::optional<double> parse_float(std::string_view text) {
    double number = 0;
    auto const* const end = text.data() + text.size();
    auto const [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end || text.empty() || !std::isfinite(number)) return std::nullopt;
    return number;
}

std::string_view without_plus(std::string_view text) {
    text = base::trim(text);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    return text;
}

Evaluated<Value> parse_number(std::string_view text) {
    text = without_plus(text);
    if (auto const integer = base::parse_number<std::int64_t>(text)) return Value{*integer};
    if (auto const number = parse_float(text)) return Value{*number};
    return kNoCast;
}

Evaluated<Value> to_boolean(Value const& value) {
    if (auto const* const integer = std::get_if<std::int64_t>(&value)) return Value{*integer != 0};
    if (auto const* const number = std::get_if<double>(&value)) return Value{*number != 0};
    if (auto const* const text = std::get_if<std::string>(&value)) {
        auto const word = base::trim(*text);
        if (base::equal_ignoring_case(word, "true") || word == "1") return Value{true};
        if (base::equal_ignoring_case(word, "false") || word == "0") return Value{false};
    }
    return kNoCast;
}

Evaluated<Value> to_integer(Value const& value) {
    constexpr double kBound = 9.2233720368547758e18;
    if (auto const* const flag = std::get_if<bool>(&value)) return Value{std::int64_t{*flag ? 1 : 0}};
    if (auto const* const number = std::get_if<double>(&value)) {
        if (!(std::abs(*number) < kBound)) return RecordFault{Fault::arithmetic_overflow};
        return Value{static_cast<std::int64_t>(*number)};
    }
    if (auto const* const text = std::get_if<std::string>(&value)) {
        if (auto const integer = base::parse_number<std::int64_t>(without_plus(*text)))
            return Value{*integer};
    }
    return kNoCast;
}

Evaluated<Value> to_floating(Value const& value) {
    if (auto const* const flag = std::get_if<bool>(&value)) return Value{*flag ? 1.0 : 0.0};
    if (auto const* const integer = std::get_if<std::int64_t>(&value)) {
        return Value{static_cast<double>(*integer)};
    }
    if (auto const* const text = std::get_if<std::string>(&value)) {
        if (auto const number = parse_float(without_plus(*text))) return Value{*number};
    }
    return kNoCast;
}

Evaluated<Value> to_timestamp(Value const& value) {
    if (auto const* const text = std::get_if<std::string>(&value)) {
        if (auto const time = parse_timestamp(base::trim(*text))) return Value{*time};
    }
    return kNoCast;
}

std::optional<Type> type_of(Value const& value) {
    struct Visitor {
        std::optional<Type> operator()(Missing) const { return std::nullopt; }
        std::optional<Type> operator()(Null) const { return std::nullopt; }
        std::optional<Type> operator()(bool) const { return Type::boolean; }
        std::optional<Type> operator()(std::int64_t) const { return Type::integer; }
        std::optional<Type> operator()(double) const { return Type::floating; }
        std::optional<Type> operator()(Timestamp const&) const { return Type::timestamp; }
        std::optional<Type> operator()(std::string const&) const { return Type::string; }
        std::optional<Type> operator()(JsonText const&) const { return std::nullopt; }
    };
    return std::visit(Visitor{}, value);
}

// The stronger of two types, as T-SQL orders them.
Type stronger(Type left, Type right) {
    constexpr auto rank = [](Type type) {
        switch (type) {
            case Type::string:
                return 0;
            case Type::boolean:
                return 1;
            case Type::integer:
                return 2;
            case Type::floating:
                return 3;
            case Type::timestamp:
                return 4;
        }
        return 0;
    };
    return rank(left) < rank(right) ? right : left;
}

template <class T>
int three_way(T const& left, T const& right) {
    if (left < right) return -1;
    return right < left ? 1 : 0;
}

int compare_same(Value const& left, Value const& right) {
    return std::visit(
        [&](auto const& value) -> int {
            using T = std::decay_t<decltype(value)>;
            auto const& other = std::get<T>(right);
            if constexpr (std::is_same_v<T, Timestamp>) {
                return three_way(value.time, other.time);
            } else if constexpr (std::is_same_v<T, Missing> || std::is_same_v<T, Null> || std::is_same_v<T, JsonText>) {
                return 0;
            } else {
                return three_way(value, other);
            }
        },
        left
    );
}

// An integer and a float meet as floats; a string that is no integer meets a number as a float.
Type common_type(Value const& left, Value const& right, Type left_type, Type right_type) {
    auto const type = stronger(left_type, right_type);
    if (type != Type::integer) return type;
    for (auto const* value : {&left, &right}) {
        auto const* const text = std::get_if<std::string>(value);
        if (text != nullptr && !base::parse_number<std::int64_t>(without_plus(*text))) return Type::floating;
    }
    return type;
}

std::string timestamp_text(Timestamp const& stamp) {
    auto text = base::to_iso8601(stamp.time + stamp.offset);
    if (stamp.offset.count() == 0) return text;
    text.pop_back();
    auto const minutes = std::abs(stamp.offset.count());
    return text +
           fmt::format("{}{:02}:{:02}", stamp.offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

void throw_exception_from_error(RecordFault const& fault, boost::source_location const&) {
    throw std::logic_error("unchecked fault of a record: " + std::string{name_of(fault.fault)});
}

std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::invalid_type_conversion:
            return "InvalidTypeConversion";
        case Fault::invalid_column_ordinal:
            return "InvalidColumnOrdinal";
        case Fault::arithmetic_overflow:
            return "ArithmeticOverflow";
        case Fault::division_by_zero:
            return "DivisionByZero";
    }
    return "";
}

std::string_view description_of(Fault fault) {
    switch (fault) {
        case Fault::invalid_type_conversion:
            return "Invalid type conversion.";
        case Fault::invalid_column_ordinal:
            return "The record has fewer columns than the query names.";
        case Fault::arithmetic_overflow:
            return "A number is too large.";
        case Fault::division_by_zero:
            return "Division by zero.";
    }
    return "";
}

bool is_null(Value const& value) {
    return std::holds_alternative<Null>(value) || std::holds_alternative<Missing>(value);
}

Evaluated<Value> convert(Value const& value, Type type) {
    if (is_null(value)) return Value{Null{}};
    if (type == Type::string) return Value{to_text(value)};
    if (type_of(value) == type) return value;
    switch (type) {
        case Type::boolean:
            return to_boolean(value);
        case Type::integer:
            return to_integer(value);
        case Type::floating:
            return to_floating(value);
        case Type::timestamp:
            return to_timestamp(value);
        case Type::string:
            break;
    }
    return kNoCast;
}

Evaluated<Value> to_number(Value const& value) {
    if (is_null(value)) return Value{Null{}};
    if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value)) return value;
    if (auto const* const text = std::get_if<std::string>(&value)) return parse_number(*text);
    return to_integer(value);
}

Evaluated<std::optional<bool>> to_truth(Value const& value) {
    if (is_null(value)) return std::optional<bool>{};
    if (auto const* const flag = std::get_if<bool>(&value)) return std::optional{*flag};
    auto const converted = to_boolean(value);
    if (!converted) return converted.error();
    return std::optional{std::get<bool>(*converted)};
}

Evaluated<std::optional<int>> compare(Value const& left, Value const& right) {
    if (is_null(left) || is_null(right)) return std::optional<int>{};
    auto const left_type = type_of(left);
    auto const right_type = type_of(right);
    if (!left_type || !right_type) return kNoCast;
    if (left_type == right_type) return std::optional{compare_same(left, right)};
    auto const type = common_type(left, right, *left_type, *right_type);
    auto const first = convert(left, type);
    if (!first) return first.error();
    auto const second = convert(right, type);
    if (!second) return second.error();
    return std::optional{compare_same(*first, *second)};
}

std::string to_text(Value const& value) {
    struct Visitor {
        std::string operator()(Missing) const { return {}; }
        std::string operator()(Null) const { return {}; }
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(Timestamp const& stamp) const { return timestamp_text(stamp); }
        std::string operator()(std::string const& text) const { return text; }
        std::string operator()(JsonText const& json) const { return json.text; }
    };
    return std::visit(Visitor{}, value);
}

}  // namespace bluebatch::emulator::blob::query
