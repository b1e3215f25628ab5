#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <string>
#include <string_view>

// Statements that name all columns of a table in one order, so that reading, adding and changing agree.
namespace bluebatch::emulator::storage {

using Columns = std::span<std::string_view const>;

inline std::string select_sql(std::string_view table, Columns columns) {
    return fmt::format("SELECT {} FROM {}", fmt::join(columns, ", "), table);
}

inline std::string insert_sql(std::string_view table, Columns columns) {
    std::string marks = "?";
    for (std::size_t i = 1; i < columns.size(); ++i)
        marks += ", ?";
    return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, fmt::join(columns, ", "), marks);
}

// Sets all columns of the row whose first column has its value.
inline std::string update_sql(std::string_view table, Columns columns) {
    std::string sql = fmt::format("UPDATE {} SET ", table);
    for (std::size_t i = 0; i < columns.size(); ++i)
        sql += fmt::format("{}{} = ?{}", i > 0 ? ", " : "", columns[i], i + 1);
    return sql + fmt::format(" WHERE {} = ?1", columns.front());
}

}  // namespace bluebatch::emulator::storage
