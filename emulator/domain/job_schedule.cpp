#include "emulator/domain/job_schedule.hpp"

namespace bluebatch::emulator::domain {

void move_to(JobSchedule& schedule, JobScheduleState state, base::TimePoint now) {
    bool const is_lasting =
        schedule.state != JobScheduleState::terminating && schedule.state != JobScheduleState::deleting;
    if (is_lasting) {
        schedule.previous_state = schedule.state;
        schedule.previous_state_transition_time = schedule.state_transition_time;
    }
    schedule.state = state;
    schedule.state_transition_time = now;
}

std::string job_id_of(JobSchedule const& schedule, std::int64_t number) {
    return schedule.id + ":job-" + std::to_string(number);
}

}  // namespace bluebatch::emulator::domain
