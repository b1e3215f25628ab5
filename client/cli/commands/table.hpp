#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::cli {

enum class Align : std::uint8_t { left, right };

struct Column {
    std::string_view title;
    Align align = Align::left;
};

struct TableLook {
    bool has_colours = false;
    std::size_t width = 0;  // 0: no bound
};

// Rows in aligned columns, two blanks apart. Where there is a width, the widest columns are cut to keep each
// row on one line; elsewhere everything is shown whole.
class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void add(std::vector<std::string> cells);
    bool is_empty() const { return rows_.empty(); }
    std::vector<std::string> lines(TableLook look) const;

private:
    std::vector<std::size_t> widths(std::size_t bound) const;

    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

// How many columns of a terminal a text takes.
std::size_t display_width(std::string_view text);
// At most that wide, with an ellipsis for what is missing.
std::string fit(std::string_view text, std::size_t width);
// Control characters as "\x1b", so that a name from elsewhere can't steer a terminal or break a row.
std::string printable(std::string_view text);
// The same for a text of several lines, which it leaves as they are.
std::string printable_lines(std::string_view text);

}  // namespace bluebatch::cli
