#include "emulator/blob/query/expression_parser.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::query {
namespace {

struct TypeName {
    std::string_view name;
    Type type;
};
constexpr std::array kTypes{
    TypeName{"int", Type::integer},
    TypeName{"float", Type::floating},
    TypeName{"string", Type::string},
    TypeName{"timestamp", Type::timestamp},
    TypeName{"boolean", Type::boolean},
};

struct PartName {
    std::string_view name;
    DatePart part;
};
constexpr std::array kParts{
    PartName{"year", DatePart::year},
    PartName{"month", DatePart::month},
    PartName{"day", DatePart::day},
    PartName{"hour", DatePart::hour},
    PartName{"minute", DatePart::minute},
    PartName{"second", DatePart::second},
    PartName{"timezone_hour", DatePart::timezone_hour},
    PartName{"timezone_minute", DatePart::timezone_minute},
};

// Functions whose arguments are plain expressions. `has_part`: a part of a date comes first.
struct FunctionRow {
    std::string_view name;
    Operation operation;
    std::size_t least;
    std::size_t most;
    bool has_part = false;
};
constexpr std::size_t kMany = 1000;
constexpr std::array kFunctions{
    FunctionRow{"coalesce", Operation::coalesce, 1, kMany},
    FunctionRow{"nullif", Operation::null_if, 2, 2},
    FunctionRow{"char_length", Operation::char_length, 1, 1},
    FunctionRow{"character_length", Operation::char_length, 1, 1},
    FunctionRow{"lower", Operation::lower, 1, 1},
    FunctionRow{"upper", Operation::upper, 1, 1},
    FunctionRow{"substring", Operation::substring, 2, 3},
    FunctionRow{"date_add", Operation::date_add, 2, 2, true},
    FunctionRow{"date_diff", Operation::date_diff, 2, 2, true},
    FunctionRow{"to_string", Operation::to_string, 2, 2},
    FunctionRow{"to_timestamp", Operation::to_timestamp, 1, 1},
    FunctionRow{"utcnow", Operation::utc_now, 0, 0},
};

constexpr std::array<std::string_view, 6> kAggregateNames{"count", "avg", "average", "min", "max", "sum"};

}  // namespace

Parsed<Expression> ExpressionParser::parse_function() {
    auto const name = base::to_lower(tokens_.take().text);
    tokens_.take();
    if (name == "cast") return parse_cast();
    if (name == "trim") return parse_trim();
    if (name == "extract") return parse_extract();
    if (std::ranges::find(kAggregateNames, name) != kAggregateNames.end()) {
        return not_supported("An aggregate inside an expression or beside other columns");
    }
    return parse_plain_function(name);
}

std::optional<QueryError> ExpressionParser::read_arguments(
    Expression& call, std::size_t least, std::size_t most
) {
    if (!tokens_.peek().is(")")) {
        do {
            auto argument = parse();
            if (!argument) return argument.error();
            call.arguments.push_back(*std::move(argument));
        } while (tokens_.skip(","));
    }
    if (auto error = tokens_.expect(")")) return error;
    if (call.arguments.size() >= least && call.arguments.size() <= most) return std::nullopt;
    return QueryError{"A function has the wrong number of arguments."};
}

Parsed<Expression> ExpressionParser::parse_plain_function(std::string_view name) {
    auto const row = std::ranges::find(kFunctions, name, &FunctionRow::name);
    if (row == kFunctions.end()) {
        return not_supported("The function " + base::to_upper(excerpt(name)));
    }
    Expression call;
    call.operation = row->operation;
    if (row->has_part) {
        auto const part = parse_part();
        if (!part) return part.error();
        if (*part == DatePart::timezone_hour || *part == DatePart::timezone_minute) {
            return not_supported("A part of the time zone outside EXTRACT");
        }
        call.part = *part;
        if (auto error = tokens_.expect(",")) return *std::move(error);
    }
    if (auto error = read_arguments(call, row->least, row->most)) {
        return QueryError{base::to_upper(name) + ": " + error->message};
    }
    return call;
}

// 'year', or the bare word.
Parsed<DatePart> ExpressionParser::parse_part() {
    auto const& token = tokens_.peek();
    if (token.kind == TokenKind::word || token.kind == TokenKind::text) {
        auto const row = std::ranges::find(kParts, base::to_lower(token.text), &PartName::name);
        if (row != kParts.end()) {
            tokens_.take();
            return row->part;
        }
    }
    return QueryError{tokens_.unexpected().message + " Expected a part of a date."};
}

Parsed<Expression> ExpressionParser::parse_cast() {
    auto value = parse();
    if (!value) return value;
    if (auto error = tokens_.expect_word("AS")) return *std::move(error);
    auto const row = std::ranges::find(kTypes, base::to_lower(tokens_.peek().text), &TypeName::name);
    if (tokens_.peek().kind != TokenKind::word || row == kTypes.end()) {
        return not_supported("CAST to " + excerpt(tokens_.peek().text));
    }
    tokens_.take();
    if (auto error = tokens_.expect(")")) return *std::move(error);
    Expression cast;
    cast.operation = Operation::cast;
    cast.type = row->type;
    cast.arguments.push_back(*std::move(value));
    return cast;
}

// TRIM(text), TRIM(LEADING FROM text), TRIM(BOTH 'characters' FROM text).
Parsed<Expression> ExpressionParser::parse_trim() {
    Expression trim;
    trim.operation = Operation::trim;
    bool has_side = true;
    if (tokens_.skip_word("leading")) {
        trim.side = TrimSide::leading;
    } else if (tokens_.skip_word("trailing")) {
        trim.side = TrimSide::trailing;
    } else {
        has_side = tokens_.skip_word("both");
    }
    if (!has_side || !tokens_.peek().is_word("from")) {
        auto first = parse();
        if (!first) return first;
        trim.arguments.push_back(*std::move(first));
    }
    if (has_side || tokens_.peek().is_word("from")) {
        if (auto error = tokens_.expect_word("FROM")) return *std::move(error);
        auto text = parse();
        if (!text) return text;
        trim.arguments.insert(trim.arguments.begin(), *std::move(text));
    }
    if (auto error = tokens_.expect(")")) return *std::move(error);
    return trim;
}

Parsed<Expression> ExpressionParser::parse_extract() {
    auto const part = parse_part();
    if (!part) return part.error();
    if (auto error = tokens_.expect_word("FROM")) return *std::move(error);
    auto time = parse();
    if (!time) return time;
    if (auto error = tokens_.expect(")")) return *std::move(error);
    Expression extract;
    extract.operation = Operation::extract;
    extract.part = *part;
    extract.arguments.push_back(*std::move(time));
    return extract;
}

}  // namespace bluebatch::emulator::blob::query
