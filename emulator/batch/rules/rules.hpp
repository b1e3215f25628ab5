#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/batch/wire/schema.hpp"
#include "emulator/domain/job.hpp"
#include "shared/base/time.hpp"

#include <initializer_list>
#include <optional>

// What the service demands of a body beyond its shape. Bodies are in the newest shape, as read_object() gives
// them.
namespace bluebatch::emulator::batch::rules {

using Fault = std::optional<azure::BatchError>;

// The first fault of several checks.
Fault first_of(std::initializer_list<Fault> faults);

// 1 to 64 letters, digits, '-' and '_'. Batch: REST-31
Fault check_id(std::string_view property, std::string_view id);
// At most 1,024 characters. Batch: REST-31
Fault check_display_name(wire::Json const& body);
Fault check_range(wire::Json const& body, std::string_view property, std::int64_t least, std::int64_t most);
// At least `least`; also where "unlimited" is allowed.
Fault check_shortest(wire::Json const& body, std::string_view property, base::Ticks least);

// Batch: RES-1 to RES-6; `prefix` names the owner in the fault ("startTask.").
Fault check_resource_files(
    wire::Json const& owner, std::string_view prefix, std::string_view member = "resourceFiles"
);
Fault check_output_files(wire::Json const& task);
Fault check_environment(wire::Json const& owner, std::string_view member);
// Batch: TASK-51
Fault check_user_identity(wire::Json const& owner, std::string_view prefix);

Fault check_new_pool(wire::Json const& body);
// The same without an id.
Fault check_pool_specification(wire::Json const& body);
// taskSlotsPerNode on nodes of that size, which may be empty if it is not known. Batch: SLOT-1
Fault check_slots(std::int64_t slots, std::string_view vm_size);
// Those members that a patch may bring.
Fault check_pool_members(wire::Json const& body);
Fault check_resize(wire::Json const& body);
// Batch: AS-2
Fault check_auto_scale_interval(wire::Json const& body);
Fault check_resize_timeout(wire::Json const& body);
// Batch: POOL-31
Fault check_network(wire::Json const& network);

Fault check_new_job(wire::Json const& body);
// The same without an id.
Fault check_job_specification(wire::Json const& body);
// What the service adds to a job that says nothing of it. Batch: JM-2 to JM-4, PREP-2, PREP-3, REL-4
void add_job_defaults(wire::Json& body, wire::ApiVersion version);
// Those members that an update may bring.
Fault check_job_members(wire::Json const& body);

Fault check_new_job_schedule(wire::Json const& body);
// Those members that an update may bring.
Fault check_job_schedule_members(wire::Json const& body);
// What the service adds to the jobs of a schedule.
void add_job_schedule_defaults(wire::Json& body, wire::ApiVersion version);

Fault check_new_task(wire::Json const& body);
// What only the job tells: whether its tasks may have dependencies and actions. Batch: REST-40, JOB-28
Fault check_task_in_job(wire::Json const& body, domain::Job const& job);
Fault check_task_constraints(wire::Json const& constraints);
// Batch: MI-1
Fault check_multi_instance(wire::Json const& task);

// What the service adds to a pool that says nothing of it. Batch: POOL-35, START-3
void add_pool_defaults(wire::Json& body, wire::ApiVersion version);

}  // namespace bluebatch::emulator::batch::rules
