#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;
using wire::text_of;

// Batch: TASK-43, REST-40. No job has usesTaskDependencies, so only what names no task passes.
Fault check_dependencies(Json const& body) {
    auto const* const depends_on = find(body, "dependsOn");
    if (depends_on == nullptr) return std::nullopt;
    for (auto const* name : {"taskIds", "taskIdRanges"}) {
        auto const* const list = find(*depends_on, name);
        if (list != nullptr && !list->empty())
            return azure::BatchError{azure::BatchErrorCode::task_dependencies_not_specified_on_job, {}};
    }
    return std::nullopt;
}

}  // namespace

Fault check_task_constraints(Json const& constraints) {
    return check_range(constraints, "maxTaskRetryCount", -1, INT32_MAX);
}

Fault check_new_task(Json const& body) {
    auto const* const constraints = find(body, "constraints");
    if (text_of(body, "commandLine").empty())
        return wire::invalid_property("commandLine", "", "The command line is empty");
    return first_of({
        check_id("id", text_of(body, "id")),
        check_display_name(body),
        check_range(body, "requiredSlots", 1, INT32_MAX),
        constraints != nullptr ? check_task_constraints(*constraints) : Fault{},
        check_resource_files(body, ""),
        check_output_files(body),
        check_environment(body, "environmentSettings"),
        check_user_identity(body, ""),
        check_dependencies(body),
    });
}

}  // namespace bluebatch::emulator::batch::rules
