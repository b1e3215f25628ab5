#include "emulator/blob/query/parser.hpp"

#include "emulator/blob/query/expression_parser.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::query {
namespace {

struct AggregateName {
    std::string_view name;
    Aggregate aggregate;
};
constexpr std::array kAggregates{
    AggregateName{"count", Aggregate::count},
    AggregateName{"average", Aggregate::average},
    AggregateName{"avg", Aggregate::average},
    AggregateName{"min", Aggregate::minimum},
    AggregateName{"max", Aggregate::maximum},
    AggregateName{"sum", Aggregate::sum},
};

// Clauses of SQL that the dialect lacks.
constexpr std::array<std::string_view, 7> kForeign{
    "group", "order", "having", "join", "union", "offset", "as"};

std::string name_of(Expression const& expression, std::size_t number) {
    if (expression.operation == Operation::field) {
        for (auto step = expression.path.rbegin(); step != expression.path.rend(); ++step)
            if (!step->index) return step->name;
    }
    return "_" + std::to_string(number);
}

class QueryParser {
public:
    explicit QueryParser(TokenStream& tokens) : tokens_(tokens), expressions_(tokens) {}

    Parsed<Query> parse() {
        if (auto error = tokens_.expect_word("SELECT")) return *std::move(error);
        if (auto error = read_projections()) return *std::move(error);
        if (auto error = tokens_.expect_word("FROM")) return *std::move(error);
        if (auto error = read_table()) return *std::move(error);
        if (tokens_.skip_word("where")) {
            auto where = expressions_.parse();
            if (!where) return where.error();
            query_.where = *std::move(where);
        }
        if (auto error = read_limit()) return *std::move(error);
        tokens_.skip(";");
        if (tokens_.peek().kind != TokenKind::end) return explain_rest();
        if (query_.is_split && (query_.where || !query_.table.empty())) {
            return not_supported("WHERE or a path beside sys.split");
        }
        return std::move(query_);
    }

private:
    using Failure = std::optional<QueryError>;

    Failure read_projections() {
        if (tokens_.skip("*")) return std::nullopt;
        if (tokens_.peek().is_word("sys") && tokens_.peek(1).is(".")) return read_split();
        for (auto const word : {"distinct", "top"}) {
            if (tokens_.peek().is_word(word)) return not_supported(base::to_upper(word));
        }
        do {
            if (query_.projections.size() == kMostColumns) {
                return QueryError{"A query can select at most 49 columns."};
            }
            if (auto error = read_projection()) return error;
        } while (tokens_.skip(","));
        bool const has_aggregate = std::ranges::any_of(query_.projections, [](auto const& projection) {
            return projection.aggregate != Aggregate::none;
        });
        if (has_aggregate && query_.projections.size() > 1) {
            return not_supported("An aggregate beside other columns");
        }
        return std::nullopt;
    }

    Failure read_split() {
        tokens_.take();
        tokens_.take();
        if (auto error = tokens_.expect_word("SPLIT")) return error;
        if (auto error = tokens_.expect("(")) return error;
        auto const size = base::parse_number<std::uint64_t>(tokens_.peek().text);
        if (tokens_.peek().kind != TokenKind::integer || !size) return tokens_.unexpected();
        if (*size < kSmallestSplit) return QueryError{"sys.split takes at least 10485760 bytes."};
        tokens_.take();
        query_.is_split = true;
        query_.split_size = *size;
        return tokens_.expect(")");
    }

    Failure read_projection() {
        Projection projection;
        auto const row =
            std::ranges::find(kAggregates, base::to_lower(tokens_.peek().text), &AggregateName::name);
        bool const is_aggregate =
            tokens_.peek().kind == TokenKind::word && row != kAggregates.end() && tokens_.peek(1).is("(");
        if (is_aggregate) {
            projection.aggregate = row->aggregate;
            if (auto error = read_aggregate(projection)) return error;
        } else {
            auto expression = expressions_.parse();
            if (!expression) return expression.error();
            projection.expression = *std::move(expression);
        }
        auto const number = query_.projections.size() + 1;
        projection.name =
            is_aggregate ? "_" + std::to_string(number) : name_of(projection.expression, number);
        if (tokens_.skip_word("as")) {
            auto const& token = tokens_.peek();
            if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_name) {
                return tokens_.unexpected();
            }
            projection.name = tokens_.take().text;
        }
        query_.projections.push_back(std::move(projection));
        return std::nullopt;
    }

    Failure read_aggregate(Projection& projection) {
        tokens_.take();
        tokens_.take();
        if (projection.aggregate == Aggregate::count && tokens_.skip("*")) {
            projection.aggregate = Aggregate::count_records;
            return tokens_.expect(")");
        }
        if (tokens_.peek().is_word("distinct")) return not_supported("DISTINCT");
        auto expression = expressions_.parse();
        if (!expression) return expression.error();
        projection.expression = *std::move(expression);
        return tokens_.expect(")");
    }

    // BlobStorage, BlobStorage[*], BlobStorage[*].warehouses[*]
    Failure read_table() {
        constexpr std::size_t kLongest = 64;
        if (auto error = tokens_.expect_word("BlobStorage")) return error;
        if (!tokens_.skip("[")) return std::nullopt;
        if (auto error = tokens_.expect("*")) return error;
        if (auto error = tokens_.expect("]")) return error;
        while (tokens_.peek().is(".") || tokens_.peek().is("[")) {
            if (query_.table.size() == kLongest) return QueryError{"The path of the table is too long."};
            if (auto error = read_table_step()) return error;
        }
        return std::nullopt;
    }

    Failure read_table_step() {
        if (tokens_.skip(".")) {
            auto const& token = tokens_.peek();
            bool const is_quoted = token.kind == TokenKind::quoted_name;
            if (!is_quoted && token.kind != TokenKind::word) return tokens_.unexpected();
            query_.table.push_back({tokens_.take().text, is_quoted, std::nullopt});
            return std::nullopt;
        }
        tokens_.take();
        PathStep step;
        if (!tokens_.skip("*")) {
            step.index = base::parse_number<std::size_t>(tokens_.peek().text);
            if (tokens_.peek().kind != TokenKind::integer || !step.index) return tokens_.unexpected();
            tokens_.take();
        }
        query_.table.push_back(std::move(step));
        return tokens_.expect("]");
    }

    Failure read_limit() {
        if (!tokens_.skip_word("limit")) return std::nullopt;
        auto const limit = base::parse_number<std::uint64_t>(tokens_.peek().text);
        if (tokens_.peek().kind != TokenKind::integer || !limit) {
            return QueryError{tokens_.unexpected().message + " LIMIT takes a whole number."};
        }
        tokens_.take();
        query_.limit = limit;
        return std::nullopt;
    }

    QueryError explain_rest() const {
        for (auto const word : kForeign)
            if (tokens_.peek().is_word(word)) return not_supported(base::to_upper(word));
        return tokens_.unexpected();
    }

    TokenStream& tokens_;
    ExpressionParser expressions_;
    Query query_;
};

}  // namespace

Parsed<Query> parse_query(std::string_view text) {
    if (text.size() > kLongestQuery) return QueryError{"The query is longer than 256 KiB."};
    if (!base::is_valid_utf8(text)) return QueryError{"The query is no UTF-8."};
    auto tokens = TokenStream::read(text);
    if (!tokens) return tokens.error();
    return QueryParser{*tokens}.parse();
}

}  // namespace bluebatch::emulator::blob::query
