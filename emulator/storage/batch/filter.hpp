#pragma once

#include "emulator/storage/batch/batch_store.hpp"

#include <string>
#include <vector>

namespace bluebatch::emulator::storage {

// A filter as a condition over the columns of its list; texts of the filter are bound, not written. The
// filter must have no fault and outlive the values.
void append_condition(std::string& sql, Values& values, ListKind kind, codec::odata::Filter const& filter);

// " AND <condition>", or nothing without a filter.
void append_filter(std::string& sql, Values& values, ListKind kind, ListQuery const& query);

// The states that a task must have to pass the filter, as far as its comparisons of the state tell.
std::vector<domain::TaskState> possible_states(std::optional<codec::odata::Filter> const& filter);

}  // namespace bluebatch::emulator::storage
