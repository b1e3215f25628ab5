#pragma once

#include "emulator/blob/query/value.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bluebatch::emulator::blob::query {

// One step of a path: a name, or an index of an array ("tags[1]").
struct PathStep {
    std::string name;
    bool is_quoted = false;  // "Name" is meant to the letter, Name in any case
    std::optional<std::size_t> index;
};
using Path = std::vector<PathStep>;

enum class Operation : std::uint8_t {
    literal,
    field,
    negate,
    add,
    subtract,
    multiply,
    divide,
    remainder,
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    and_,  // of two or more
    or_,
    not_,
    between,  // value, least, most
    in,       // value, then the list
    like,     // value, pattern, and maybe the escape character
    is_null,
    is_missing,
    cast,
    coalesce,
    null_if,
    char_length,
    lower,
    upper,
    substring,  // text, start counted from 0, and maybe the length
    trim,       // text, and maybe the characters
    date_add,   // quantity, time
    date_diff,  // from, to
    extract,
    to_string,
    to_timestamp,
    utc_now,
};

enum class DatePart : std::uint8_t { year, month, day, hour, minute, second, timezone_hour, timezone_minute };
enum class TrimSide : std::uint8_t { both, leading, trailing };

struct Expression {
    Operation operation = Operation::literal;
    std::vector<Expression> arguments = {};
    Value literal = Null{};
    Path path = {};
    std::optional<std::size_t> column = {};  // of delimited text, counted from 0, once it is known
    Type type = Type::string;                // of cast
    DatePart part = DatePart::year;          // of the functions of dates
    TrimSide side = TrimSide::both;
};

enum class Aggregate : std::uint8_t { none, count_records, count, average, minimum, maximum, sum };

struct Projection {
    Expression expression;
    Aggregate aggregate = Aggregate::none;
    std::string name;  // in JSON and in a header: the alias, the last name of a path, or "_1"
};

// SELECT ... FROM BlobStorage ... WHERE ... LIMIT ...
struct Query {
    std::vector<Projection> projections;  // empty: *
    bool is_split = false;                // sys.split(split_size)
    std::uint64_t split_size = 0;
    std::vector<PathStep> table;  // behind BlobStorage[*]; an empty name and no index is [*]
    std::optional<Expression> where;
    std::optional<std::uint64_t> limit;
    bool has_aggregate() const { return !projections.empty() && projections[0].aggregate != Aggregate::none; }
};

}  // namespace bluebatch::emulator::blob::query
