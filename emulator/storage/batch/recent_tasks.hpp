#pragma once

#include "emulator/domain/node.hpp"

#include <string>
#include <string_view>
#include <vector>

// The recent tasks of a node as its row has them. Each task that begins or ends writes ten of them anew, so
// they stand there in a few bytes each.
namespace bluebatch::emulator::storage::record {

std::string write_recent_tasks(std::vector<domain::RecentTask> const& tasks);
// Also what was written as JSON, by earlier versions. Throws when it is neither.
std::vector<domain::RecentTask> read_recent_tasks(std::string_view column);
std::vector<domain::RecentTask> read_json_of_recent_tasks(std::string_view json);

}  // namespace bluebatch::emulator::storage::record
