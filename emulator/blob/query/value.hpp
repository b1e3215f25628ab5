#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace bluebatch::emulator::blob::query {

// A JSON record lacks the member; behaves as NULL but for IS MISSING.
struct Missing {
    bool operator==(Missing const&) const = default;
};
struct Null {
    bool operator==(Null const&) const = default;
};
// A point in time, and the offset from UTC in which it was written.
struct Timestamp {
    base::TimePoint time;
    std::chrono::minutes offset{0};
    bool operator==(Timestamp const&) const = default;
};
// A piece of JSON that goes through as it is: an object, an array, a number.
struct JsonText {
    std::string text;
    bool operator==(JsonText const&) const = default;
};
using Value = std::variant<Missing, Null, bool, std::int64_t, double, Timestamp, std::string, JsonText>;

enum class Type : std::uint8_t { boolean, integer, floating, string, timestamp };

// Why one record could not be evaluated. It is left out and reported; the query goes on.
enum class Fault : std::uint8_t {
    invalid_type_conversion,
    invalid_column_ordinal,
    arithmetic_overflow,
    division_by_zero,
};
std::string_view name_of(Fault fault);
std::string_view description_of(Fault fault);

struct RecordFault {
    Fault fault = Fault::invalid_type_conversion;
};
[[noreturn]] void throw_exception_from_error(RecordFault const& fault, boost::source_location const&);

template <class T>
using Evaluated = base::Result<T, RecordFault>;

bool is_null(Value const& value);
// Objects and arrays are converted to nothing but strings. NULL stays NULL.
Evaluated<Value> convert(Value const& value, Type type);
// As an operand of arithmetic: an integer or a float, or NULL.
Evaluated<Value> to_number(Value const& value);
// Empty: unknown.
Evaluated<std::optional<bool>> to_truth(Value const& value);
// Below, at or above zero; empty when either side is NULL. Of two types the weaker is converted: a string to
// anything, a boolean to a number, an integer to a float.
Evaluated<std::optional<int>> compare(Value const& left, Value const& right);

// As delimited text and CAST(... AS STRING) show it; NULL is "".
std::string to_text(Value const& value);

// The forms of ISO 8601 that the W3C note lists, from "2007" or "2007T" to "2018-11-09T01:00:23.5-08:00".
std::optional<Timestamp> parse_timestamp(std::string_view text);

}  // namespace bluebatch::emulator::blob::query
