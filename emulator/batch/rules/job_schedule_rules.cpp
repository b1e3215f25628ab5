#include "emulator/batch/rules/rules.hpp"
#include "emulator/batch/wire/reader.hpp"

namespace bluebatch::emulator::batch::rules {
namespace {

using wire::find;
using wire::Json;
using wire::text_of;

constexpr base::Ticks kShortest = std::chrono::minutes{1};

// Batch: SCH-4
Fault check_order(Json const& schedule) {
    auto const from = base::parse_iso8601(text_of(schedule, "doNotRunUntil"));
    auto const text = text_of(schedule, "doNotRunAfter");
    auto const until = base::parse_iso8601(text);
    if (!from || !until || *from < *until) return std::nullopt;
    return wire::invalid_property(
        "doNotRunAfter", std::string(text), "The value must be later than doNotRunUntil"
    );
}

// In the fault the members are those of `member`.
Fault within(std::string_view member, Fault fault) {
    if (!fault) return fault;
    for (auto& [key, value] : fault->values) {
        if (key == "PropertyName") value = std::string(member).append(".").append(value);
    }
    return fault;
}

Fault check_schedule(Json const& schedule) {
    return first_of({
        check_shortest(schedule, "startWindow", kShortest),
        check_shortest(schedule, "recurrenceInterval", kShortest),
        check_order(schedule),
    });
}

}  // namespace

Fault check_job_schedule_members(Json const& body) {
    auto const* const schedule = find(body, "schedule");
    auto const* const specification = find(body, "jobSpecification");
    return first_of({
        schedule != nullptr ? within("schedule", check_schedule(*schedule)) : Fault{},
        specification != nullptr ? within("jobSpecification", check_job_specification(*specification))
                                 : Fault{},
    });
}

Fault check_new_job_schedule(Json const& body) {
    return first_of({
        check_id("id", text_of(body, "id")),
        check_display_name(body),
        check_job_schedule_members(body),
    });
}

void add_job_schedule_defaults(Json& body, wire::ApiVersion version) {
    auto const specification = body.find("jobSpecification");
    if (specification == body.end()) return;
    add_job_defaults(*specification, version);
    auto& pool_info = specification->at("poolInfo");
    auto const auto_pool = pool_info.find("autoPoolSpecification");
    if (auto_pool == pool_info.end()) return;
    auto const pool = auto_pool->find("pool");
    if (pool != auto_pool->end()) add_pool_defaults(*pool, version);
}

}  // namespace bluebatch::emulator::batch::rules
