#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/domain/failure.hpp"
#include "emulator/domain/node_task.hpp"
#include "emulator/domain/task.hpp"
#include "shared/base/time.hpp"

#include <optional>
#include <string>

// Pieces that several entities have.
namespace bluebatch::emulator::batch::wire {

inline void put(Json& json, char const* name, std::optional<base::TimePoint> const& time) {
    if (time) json[name] = base::to_iso8601(*time);
}

template <class Enum>
void put_word(Json& json, char const* name, std::optional<Enum> const& value) {
    if (value) json[name] = domain::to_word(*value);
}

Json to_json(std::vector<domain::NameValue> const& pairs);
Json to_json(domain::FailureInfo const& failure);
Json to_json(domain::TaskExecution const& execution);
// The same as text, for a task of many.
void append_execution(std::string& out, domain::TaskExecution const& execution);

// What runs as whom when nothing was said. Batch: TASK-12, TASK-51
Json default_user_identity();

// Batch: START-5
Json to_json(domain::NodeTaskInfo const& info);

}  // namespace bluebatch::emulator::batch::wire
