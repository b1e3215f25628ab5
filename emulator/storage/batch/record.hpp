#pragma once

#include "emulator/domain/node.hpp"
#include "emulator/domain/pool.hpp"
#include "emulator/storage/sqlite.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How values of the domain stand in columns.
namespace bluebatch::emulator::storage::record {

inline std::int64_t column(base::TimePoint time) {
    return time.time_since_epoch().count();
}
inline std::optional<std::int64_t> column(std::optional<base::TimePoint> const& time) {
    return time ? std::optional{column(*time)} : std::nullopt;
}
inline base::TimePoint time(Row const& row, int index) {
    return base::TimePoint{base::Ticks{row.integer(index)}};
}
inline std::optional<base::TimePoint> optional_time(Row const& row, int index) {
    return row.is_null(index) ? std::nullopt : std::optional{time(row, index)};
}
inline base::Ticks ticks(Row const& row, int index) {
    return base::Ticks{row.integer(index)};
}
inline int number(Row const& row, int index) {
    return static_cast<int>(row.integer(index));
}
inline std::optional<int> optional_number(Row const& row, int index) {
    return row.is_null(index) ? std::nullopt : std::optional{number(row, index)};
}
template <class Enum>
Enum enumerator(Row const& row, int index) {
    return static_cast<Enum>(row.integer(index));
}
template <class Enum>
std::optional<Enum> optional_enumerator(Row const& row, int index) {
    return row.is_null(index) ? std::nullopt : std::optional{enumerator<Enum>(row, index)};
}

// What has no column of its own is kept as JSON.
std::string write_failure(domain::FailureInfo const& failure);
domain::FailureInfo read_failure(std::string_view json);
std::string write_resize_errors(std::vector<domain::ResizeError> const& errors);
std::vector<domain::ResizeError> read_resize_errors(std::string_view json);
std::string write_node_task_info(domain::NodeTaskInfo const& info);
domain::NodeTaskInfo read_node_task_info(std::string_view json);
std::string write_auto_scale(domain::AutoScale const& auto_scale);
domain::AutoScale read_auto_scale(std::string_view json);

}  // namespace bluebatch::emulator::storage::record
