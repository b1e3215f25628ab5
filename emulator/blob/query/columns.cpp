#include "emulator/blob/query/columns.hpp"

#include "emulator/blob/query/expression_parser.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::query {

std::optional<std::size_t> Columns::find(PathStep const& step) const {
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (header_[i] == step.name) return i;
    }
    if (step.is_quoted) return std::nullopt;
    if (step.name.starts_with('_')) {
        auto const number = base::parse_number<std::size_t>(std::string_view{step.name}.substr(1));
        if (number && *number > 0) return *number - 1;
    }
    for (std::size_t i = 0; i < header_.size(); ++i) {
        if (base::equal_ignoring_case(header_[i], step.name)) return i;
    }
    return std::nullopt;
}

std::optional<QueryError> Columns::bind(Expression& expression) const {
    if (expression.operation == Operation::field) {
        if (expression.path.size() != 1) return not_supported("A path in delimited text");
        expression.column = find(expression.path[0]);
        if (!expression.column) {
            return QueryError{"There is no column '" + excerpt(expression.path[0].name) + "' in the blob."};
        }
    }
    for (auto& argument : expression.arguments)
        if (auto error = bind(argument)) return error;
    return std::nullopt;
}

std::optional<QueryError> Columns::bind(Query& query) const {
    if (!query.table.empty()) return not_supported("A path behind BlobStorage[*] in delimited text");
    for (auto& projection : query.projections)
        if (auto error = bind(projection.expression)) return error;
    return query.where ? bind(*query.where) : std::nullopt;
}

std::string Columns::name(std::size_t column) const {
    return column < header_.size() ? header_[column] : "_" + std::to_string(column + 1);
}

}  // namespace bluebatch::emulator::blob::query
