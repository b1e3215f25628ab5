#pragma once

#include "emulator/blob/query/value.hpp"

#include <string>
#include <variant>
#include <vector>

namespace bluebatch::emulator::blob::query {

struct Cell {
    std::string name;
    Value value;
};
using Row = std::vector<Cell>;

// Delimited text: a field that holds a separator, a quote or the end of a line is put in quotes.
struct DelimitedOutput {
    std::string column_separator = ",";
    std::string record_separator = "\n";
    std::optional<char> quote = '"';
    std::optional<char> escape = {};
    bool has_headers = false;
};
struct JsonOutput {
    std::string record_separator = "\n";
};
using OutputFormat = std::variant<DelimitedOutput, JsonOutput>;

void append_row(std::string& out, Row const& row, OutputFormat const& format);
// The names of the columns, where the format wants them.
void append_header(std::string& out, Row const& row, OutputFormat const& format);

}  // namespace bluebatch::emulator::blob::query
