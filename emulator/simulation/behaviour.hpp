#pragma once

#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Nodes whose tasks only pass time: what runs takes as long as it is told to, on the emulator's own clock.
namespace bluebatch::emulator::simulation {

// How long something takes: always the same, or anything between two times.
struct WorkTime {
    base::Ticks least{0};
    base::Ticks most{0};

    bool operator==(WorkTime const&) const = default;
};

// "30s" or "10s..60s", with the units ms, s, m, h and d. Nothing when it is neither, or longer than a year.
std::optional<WorkTime> parse_work_time(std::string_view text);
std::string to_text(WorkTime const& time);

// What becomes of tasks that do not say it themselves.
struct Behaviour {
    WorkTime time;
    int failing_percent = 0;            // of the tasks exit with 1
    std::optional<std::uint64_t> seed;  // of what is drawn; nothing: another each time

    bool operator==(Behaviour const&) const = default;
};

}  // namespace bluebatch::emulator::simulation
