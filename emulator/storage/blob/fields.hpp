#pragma once

#include "emulator/storage/blob/records.hpp"
#include "emulator/storage/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

// How values that are more than a number or a text stand in a column.
namespace bluebatch::emulator::storage::blob {

std::string to_column(Metadata const& metadata);
Metadata parse_metadata(std::string_view column);

// Keys may hold anything that a name of metadata may not.
std::string tags_to_column(Metadata const& tags);
Metadata parse_tags(std::string_view column);

std::string to_column(std::vector<AccessPolicy> const& policies);
std::vector<AccessPolicy> parse_policies(std::string_view column);

Value to_column(TimePoint time);
Value to_column(std::optional<TimePoint> time);
TimePoint read_time(Row const& row, int column);
std::optional<TimePoint> read_optional_time(Row const& row, int column);

// Four columns from `first` on.
std::optional<Lease> read_lease(Row const& row, int first);
void append_lease(Values& values, std::optional<Lease> const& lease);

}  // namespace bluebatch::emulator::storage::blob
