#pragma once

#include "emulator/blob/query/expression.hpp"
#include "emulator/blob/query/tokenizer.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::blob::query {

// The columns of delimited text by their header; without one they are _1, _2 and so on.
class Columns {
public:
    explicit Columns(std::vector<std::string> header = {}) : header_(std::move(header)) {}
    // Finds the column of every field in the query.
    std::optional<QueryError> bind(Query& query) const;
    std::string name(std::size_t column) const;
    std::vector<std::string> const& header() const { return header_; }

private:
    std::optional<QueryError> bind(Expression& expression) const;
    std::optional<std::size_t> find(PathStep const& step) const;

    std::vector<std::string> header_;
};

}  // namespace bluebatch::emulator::blob::query
