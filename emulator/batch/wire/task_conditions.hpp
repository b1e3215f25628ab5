#pragma once

#include "emulator/domain/exit_conditions.hpp"
#include "emulator/domain/task_dependencies.hpp"

#include <string_view>

// What a task's document says of its start and its end.
namespace bluebatch::emulator::batch::wire {

domain::TaskDependencies read_dependencies(std::string_view task_document);
domain::ExitConditions read_exit_conditions(std::string_view task_document);

}  // namespace bluebatch::emulator::batch::wire
