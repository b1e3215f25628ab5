#include "emulator/batch/service/job_schedules.hpp"

#include "emulator/batch/service/job_members.hpp"
#include "emulator/batch/service/new_jobs.hpp"
#include "emulator/storage/batch/job_schedule_store.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::JobSchedule;
using domain::JobScheduleState;
using wire::Json;

using Fault = std::optional<BatchError>;

constexpr auto kInScheduleDocument =
    std::to_array<char const*>({"displayName", "schedule", "jobSpecification", "metadata"});

std::optional<base::TimePoint> time_of(Json const& body, std::string_view name) {
    return base::parse_iso8601(wire::text_of(body, name));
}

// The times of jobs that are still to come, from now on. Batch: SCH-4, SCH-5
void take_schedule(JobSchedule& schedule, Json const& body, base::TimePoint now) {
    auto const window = base::parse_iso8601_duration(wire::text_of(body, "startWindow"));
    schedule.recurrence.do_not_run_until = time_of(body, "doNotRunUntil");
    schedule.recurrence.do_not_run_after = time_of(body, "doNotRunAfter");
    schedule.recurrence.start_window = window.value_or(base::kUnlimited);
    schedule.recurrence.interval = base::parse_iso8601_duration(wire::text_of(body, "recurrenceInterval"));
    schedule.next_run_time = std::max(now, schedule.recurrence.do_not_run_until.value_or(now));
}

// Members of the body take the place of those in the document.
void take_schedule_document(JobSchedule& schedule, Json const& body) {
    auto document = schedule.document.empty() ? Json::object() : Json::parse(schedule.document);
    for (auto const* name : kInScheduleDocument) {
        auto const* const member = wire::find(body, name);
        if (member == nullptr) continue;
        bool const is_empty = member->is_array() && member->empty();
        if (is_empty) {
            document.erase(name);
        } else {
            document[name] = *member;
        }
    }
    schedule.document = wire::dump(document);
}

Fault refusal_of(JobScheduleState state) {
    switch (state) {
        case JobScheduleState::terminating:
            return BatchError{BatchErrorCode::job_schedule_being_terminated, {}};
        case JobScheduleState::completed:
            return BatchError{BatchErrorCode::job_schedule_completed, {}};
        case JobScheduleState::deleting:
            return BatchError{BatchErrorCode::job_schedule_being_deleted, {}};
        default:
            return std::nullopt;
    }
}

void announce_schedule(
    storage::Transaction& transaction, Context const& context, JobSchedule const& schedule
) {
    announce(transaction, context, {domain::Change::Kind::job_schedule, schedule.id, {}});
}

template <class Change>
Result<JobSchedule> change_schedule(
    Context const& context, std::string_view id, Conditions const& conditions, Change change
) {
    storage::Transaction transaction(context.database);
    auto schedule = storage::find_job_schedule(transaction.connection(), id);
    if (!schedule) return BatchError{BatchErrorCode::job_schedule_not_found, {}};
    if (auto const fault = check(conditions, schedule->last_modified, Access::write)) return *fault;
    Fault const fault = change(*schedule);
    if (fault) return *fault;
    touch(*schedule, context.now);
    storage::update_job_schedule(transaction, *schedule);
    announce_schedule(transaction, context, *schedule);
    transaction.commit();
    return std::move(*schedule);
}

Fault check_specification_of(Json const& body, base::TimePoint now) {
    auto const* const specification = wire::find(body, "jobSpecification");
    return specification != nullptr ? check_specification(*specification, now) : Fault{};
}

}  // namespace

Result<JobSchedule> add_job_schedule(Context const& context, Json body) {
    if (auto const fault = check_specification_of(body, context.now)) return *fault;
    JobSchedule schedule;
    schedule.id = wire::text_of(body, "id");
    schedule.creation_time = schedule.last_modified = schedule.state_transition_time = context.now;
    take_schedule(schedule, body.at("schedule"), context.now);
    take_schedule_document(schedule, body);

    storage::Transaction transaction(context.database);
    if (storage::find_job_schedule(transaction.connection(), schedule.id))
        return BatchError{BatchErrorCode::job_schedule_exists, {}};
    // Batch: REST-32
    if (storage::find_job(transaction.connection(), schedule.id))
        return BatchError{BatchErrorCode::job_with_same_id_exists, {}};
    if (auto const fault = check_quota(transaction, context)) return *fault;
    storage::insert_job_schedule(transaction, schedule);
    announce_schedule(transaction, context, schedule);
    transaction.commit();
    return schedule;
}

Result<JobSchedule> get_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
) {
    storage::Snapshot snapshot(context.database);
    auto schedule = storage::find_job_schedule(snapshot.connection(), id);
    if (!schedule) return BatchError{BatchErrorCode::job_schedule_not_found, {}};
    if (auto const fault = check(conditions, schedule->last_modified, Access::read)) return *fault;
    return std::move(*schedule);
}

std::vector<JobSchedule> list_job_schedules(Context const& context, storage::ListQuery const& query) {
    storage::Snapshot snapshot(context.database);
    return storage::list_job_schedules(snapshot.connection(), query);
}

Result<std::vector<domain::Job>> list_jobs_of_schedule(
    Context const& context, std::string_view id, storage::ListQuery const& query
) {
    storage::Snapshot snapshot(context.database);
    if (!storage::find_job_schedule(snapshot.connection(), id))
        return BatchError{BatchErrorCode::job_schedule_not_found, {}};
    return storage::list_jobs_of_schedule(snapshot.connection(), id, query);
}

Result<JobSchedule> disable_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
) {
    return change_schedule(context, id, conditions, [&](JobSchedule& schedule) {
        auto const refusal = refusal_of(schedule.state);
        if (!refusal && schedule.state == JobScheduleState::active)
            domain::move_to(schedule, JobScheduleState::disabled, context.now);
        return refusal;
    });
}

Result<JobSchedule> enable_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
) {
    return change_schedule(context, id, conditions, [&](JobSchedule& schedule) -> Fault {
        if (auto const refusal = refusal_of(schedule.state)) return refusal;
        if (schedule.state == JobScheduleState::active)
            return invalid_state("The job schedule is not disabled");
        domain::move_to(schedule, JobScheduleState::active, context.now);
        return std::nullopt;
    });
}

Result<JobSchedule> terminate_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
) {
    return change_schedule(context, id, conditions, [&](JobSchedule& schedule) {
        auto const refusal = refusal_of(schedule.state);
        if (!refusal) domain::move_to(schedule, JobScheduleState::terminating, context.now);
        return refusal;
    });
}

Result<JobSchedule> delete_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions
) {
    return change_schedule(context, id, conditions, [&](JobSchedule& schedule) -> Fault {
        if (schedule.state == JobScheduleState::deleting) return refusal_of(schedule.state);
        domain::move_to(schedule, JobScheduleState::deleting, context.now);
        return std::nullopt;
    });
}

Result<JobSchedule> patch_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions, Json const& body
) {
    if (auto const fault = check_specification_of(body, context.now)) return *fault;
    return change_schedule(context, id, conditions, [&](JobSchedule& schedule) -> Fault {
        if (auto const refusal = refusal_of(schedule.state)) return refusal;
        if (auto const* const given = wire::find(body, "schedule"))
            take_schedule(schedule, *given, context.now);
        take_schedule_document(schedule, body);
        return std::nullopt;
    });
}

Result<JobSchedule> replace_job_schedule(
    Context const& context, std::string_view id, Conditions const& conditions, Json const& body
) {
    auto whole = body;
    // Without a schedule: one job, now. Batch: SCH-11
    if (!whole.contains("schedule")) whole["schedule"] = Json::object();
    if (!whole.contains("metadata")) whole["metadata"] = Json::array();
    return patch_job_schedule(context, id, conditions, whole);
}

}  // namespace bluebatch::emulator::batch::service
