#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::batch::rules {
namespace {

using azure::BatchError;
using azure::BatchErrorCode;
using wire::find;
using wire::Json;
using wire::text_of;

constexpr std::size_t kLongestTaskIds = 64'000;   // characters of all ids together. Batch: TASK-47
constexpr std::size_t kMostTaskIdRanges = 1'000;  // the service's own limit is not documented

Fault check_dependencies(Json const& body) {
    auto const* const depends_on = find(body, "dependsOn");
    if (depends_on == nullptr) return std::nullopt;
    std::size_t length = 0;
    if (auto const* const ids = find(*depends_on, "taskIds")) {
        for (auto const& id : *ids)
            length += id.get_ref<std::string const&>().size();
    }
    if (length > kLongestTaskIds) return BatchError{BatchErrorCode::task_dependency_list_too_long, {}};
    auto const* const ranges = find(*depends_on, "taskIdRanges");
    if (ranges == nullptr) return std::nullopt;
    if (ranges->size() > kMostTaskIdRanges)
        return BatchError{BatchErrorCode::task_dependency_ranges_too_long, {}};
    for (std::size_t i = 0; i < ranges->size(); ++i) {
        auto const& range = (*ranges)[i];
        if (range.at("start").get<int>() <= range.at("end").get<int>()) continue;
        return wire::invalid_property(
            fmt::format("dependsOn.taskIdRanges[{}]", i), "", "The range ends before it starts"
        );
    }
    return std::nullopt;
}

Fault check_exit_conditions(Json const& body) {
    auto const* const conditions = find(body, "exitConditions");
    auto const* const ranges = conditions != nullptr ? find(*conditions, "exitCodeRanges") : nullptr;
    if (ranges == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < ranges->size(); ++i) {
        auto const& range = (*ranges)[i];
        if (range.at("start").get<int>() <= range.at("end").get<int>()) continue;
        return wire::invalid_property(
            fmt::format("exitConditions.exitCodeRanges[{}]", i), "", "The range ends before it starts"
        );
    }
    return std::nullopt;
}

// Calls `each` with the options of every condition.
template <class Each>
void for_each_option(Json const& conditions, Each each) {
    for (auto const* name : {"preProcessingError", "fileUploadError", "default"}) {
        if (auto const* const options = find(conditions, name)) each(*options);
    }
    for (auto const* name : {"exitCodes", "exitCodeRanges"}) {
        auto const* const list = find(conditions, name);
        if (list == nullptr) continue;
        for (auto const& item : *list)
            each(item.at("exitOptions"));
    }
}

}  // namespace

Fault check_task_constraints(Json const& constraints) {
    return check_range(constraints, "maxTaskRetryCount", -1, INT32_MAX);
}

Fault check_new_task(Json const& body) {
    auto const* const constraints = find(body, "constraints");
    return first_of({
        check_command_line(body, ""),
        check_id("id", text_of(body, "id")),
        check_display_name(body),
        check_range(body, "requiredSlots", 1, INT32_MAX),
        constraints != nullptr ? check_task_constraints(*constraints) : Fault{},
        check_resource_files(body, ""),
        check_output_files(body),
        check_environment(body, "environmentSettings"),
        check_user_identity(body, ""),
        check_dependencies(body),
        check_exit_conditions(body),
        check_multi_instance(body),
    });
}

Fault check_task_in_job(Json const& body, domain::Job const& job) {
    auto const* const depends_on = find(body, "dependsOn");
    if (depends_on != nullptr && !job.uses_task_dependencies) {
        for (auto const* name : {"taskIds", "taskIdRanges"}) {
            auto const* const list = find(*depends_on, name);
            if (list != nullptr && !list->empty())
                return BatchError{BatchErrorCode::task_dependencies_not_specified_on_job, {}};
        }
    }
    auto const* const conditions = find(body, "exitConditions");
    if (conditions == nullptr) return std::nullopt;
    bool wants_job_action = false;
    bool wants_dependency_action = false;
    for_each_option(*conditions, [&](Json const& options) {
        wants_job_action = wants_job_action || find(options, "jobAction") != nullptr;
        wants_dependency_action = wants_dependency_action || find(options, "dependencyAction") != nullptr;
    });
    if (wants_job_action && job.on_task_failure == domain::OnTaskFailure::no_action) {
        return wire::invalid_property(
            "exitConditions.jobAction", "", "The job's onTaskFailure must be performexitoptionsjobaction"
        );
    }
    if (wants_dependency_action && !job.uses_task_dependencies) {
        return wire::invalid_property(
            "exitConditions.dependencyAction", "", "The job's usesTaskDependencies must be true"
        );
    }
    return std::nullopt;
}

}  // namespace bluebatch::emulator::batch::rules
