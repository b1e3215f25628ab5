#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;
using wire::set_default;
using wire::text_of;

constexpr std::int64_t kHighestPriority = 1000;  // Batch: JOB-7

constexpr std::size_t kLongestPrefix = 20;  // Batch: AUTO-2

Fault check_auto_pool(Json const& auto_pool) {
    auto const prefix = text_of(auto_pool, "autoPoolIdPrefix");
    bool const is_long = prefix.size() > kLongestPrefix;
    if (is_long || (!prefix.empty() && check_id("", prefix))) {
        return wire::invalid_property(
            "poolInfo.autoPoolSpecification.autoPoolIdPrefix",
            std::string(prefix.substr(0, 64)),
            "A prefix has 20 characters at most: letters, digits, hyphens and underscores"
        );
    }
    return std::nullopt;
}

Fault check_pool_info(Json const& body) {
    auto const* const pool_info = find(body, "poolInfo");
    if (pool_info == nullptr) return std::nullopt;
    auto const* const auto_pool = find(*pool_info, "autoPoolSpecification");
    bool const has_id = find(*pool_info, "poolId") != nullptr;
    // Batch: AUTO-1
    if (has_id && auto_pool != nullptr) {
        return wire::invalid_property("poolInfo", "", "poolId and autoPoolSpecification exclude each other");
    }
    if (auto_pool != nullptr) return check_auto_pool(*auto_pool);
    if (!has_id) return wire::missing_property("poolInfo.poolId");
    return check_id("poolInfo.poolId", text_of(*pool_info, "poolId"));
}

Fault check_constraints(Json const& body) {
    auto const* const constraints = find(body, "constraints");
    return constraints != nullptr ? check_range(*constraints, "maxTaskRetryCount", -1, INT32_MAX) : Fault{};
}

// Batch: JOB-8
Fault check_max_parallel_tasks(Json const& body) {
    auto const* const limit = find(body, "maxParallelTasks");
    if (limit == nullptr || *limit == -1 || *limit > 0) return std::nullopt;
    return wire::invalid_property(
        "maxParallelTasks", wire::dump(*limit), "The value must be -1 or greater than 0"
    );
}

constexpr base::Ticks kLongestRelease = std::chrono::minutes{15};  // Batch: REL-4

// What tasks of every kind are checked for; `member` names the task in the job.
Fault check_task_of_job(Json const& task, std::string const& member) {
    if (auto fault = check_command_line(task, member + ".")) return fault;
    auto const* const constraints = find(task, "constraints");
    auto const id = text_of(task, "id");
    return first_of({
        find(task, "id") != nullptr ? check_id(member + ".id", id) : Fault{},
        check_display_name(task),
        check_range(task, "requiredSlots", 1, INT32_MAX),
        constraints != nullptr ? check_task_constraints(*constraints) : Fault{},
        check_resource_files(task, member + "."),
        check_output_files(task),
        check_environment(task, "environmentSettings"),
        check_user_identity(task, member + "."),
    });
}

Fault check_release_time(Json const& release) {
    auto const text = text_of(release, "maxWallClockTime");
    auto const limit = base::parse_iso8601_duration(text);
    if (!limit || *limit <= kLongestRelease) return std::nullopt;
    return wire::invalid_property(
        "jobReleaseTask.maxWallClockTime", std::string(text), "A job release task takes 15 minutes at most"
    );
}

Fault check_tasks_of_job(Json const& body) {
    for (auto const* member : {"jobManagerTask", "jobPreparationTask", "jobReleaseTask"}) {
        auto const* const task = find(body, member);
        if (task == nullptr) continue;
        if (auto fault = check_task_of_job(*task, member)) return fault;
    }
    auto const* const release = find(body, "jobReleaseTask");
    if (release == nullptr) return std::nullopt;
    // Batch: REL-1
    if (find(body, "jobPreparationTask") == nullptr) {
        return wire::invalid_property(
            "jobReleaseTask", "", "A job has a release task only together with a preparation task"
        );
    }
    return check_release_time(*release);
}

// Of older versions each task had a user of its own, and its files were kept for ever. Batch: REST-7
void add_user(Json& task, wire::ApiVersion version) {
    set_default(task, "userIdentity", {{"autoUser", Json::object()}});
    auto& identity = task["userIdentity"];
    if (!identity.contains("autoUser")) return;
    bool const is_current = version >= wire::ApiVersion::v2019_08;
    set_default(identity["autoUser"], "scope", is_current ? "pool" : "task");
    set_default(identity["autoUser"], "elevationLevel", "nonadmin");
}

std::string retention_of(wire::ApiVersion version) {
    return version >= wire::ApiVersion::v2018_12 ? "P7D" : base::to_iso8601_duration(base::kUnlimited);
}

void add_constraints(Json& task, int retries, wire::ApiVersion version) {
    set_default(task, "constraints", Json::object());
    auto& constraints = task["constraints"];
    set_default(constraints, "maxWallClockTime", base::to_iso8601_duration(base::kUnlimited));
    set_default(constraints, "retentionTime", retention_of(version));
    set_default(constraints, "maxTaskRetryCount", retries);
}

int retries_of(Json const& job) {
    auto const* const constraints = find(job, "constraints");
    auto const* const retries = constraints != nullptr ? find(*constraints, "maxTaskRetryCount") : nullptr;
    return retries != nullptr ? retries->get<int>() : 0;
}

}  // namespace

void add_job_defaults(Json& body, wire::ApiVersion version) {
    if (auto const it = body.find("jobManagerTask"); it != body.end()) {
        add_constraints(*it, retries_of(body), version);
        set_default(*it, "requiredSlots", 1);
        set_default(*it, "killJobOnCompletion", true);
        add_user(*it, version);
        set_default(*it, "runExclusive", true);
        set_default(*it, "allowLowPriorityNode", true);
    }
    if (auto const it = body.find("jobPreparationTask"); it != body.end()) {
        set_default(*it, "id", "jobpreparation");
        add_constraints(*it, 0, version);  // the job's retries do not hold here. Batch: PREP-6
        set_default(*it, "waitForSuccess", true);
        add_user(*it, version);
        set_default(*it, "rerunOnNodeRebootAfterSuccess", true);
    }
    if (auto const it = body.find("jobReleaseTask"); it != body.end()) {
        set_default(*it, "id", "jobrelease");
        set_default(*it, "maxWallClockTime", "PT15M");
        set_default(*it, "retentionTime", retention_of(version));
        add_user(*it, version);
    }
}

Fault check_job_members(Json const& body) {
    return first_of({
        check_display_name(body),
        check_range(body, "priority", -kHighestPriority, kHighestPriority),
        check_max_parallel_tasks(body),
        check_constraints(body),
        check_pool_info(body),
        check_environment(body, "commonEnvironmentSettings"),
    });
}

Fault check_job_specification(Json const& body) {
    return first_of({check_job_members(body), check_tasks_of_job(body)});
}

Fault check_new_job(Json const& body) {
    return first_of({check_id("id", text_of(body, "id")), check_job_specification(body)});
}

}  // namespace bluebatch::emulator::batch::rules
