#pragma once

#include "emulator/app/control_answer.hpp"
#include "shared/base/adjustable_clock.hpp"

namespace bluebatch::emulator::app {

// The time by which everything in the emulator goes, for tests that can't wait:
//     GET /_bluebatch/clock
//     PUT /_bluebatch/clock   {"frozen": true, "now": "2026-01-01T00:00:00Z", "advance": "PT24H"}
// A PUT has one member at least; "reset": true goes back to this machine's time. Both answer with the time
// and whether it stands. Thread-safe.
class ClockControl {
public:
    static constexpr std::string_view kPath = "/_bluebatch/clock";

    explicit ClockControl(base::AdjustableClock& clock) : clock_(clock) {}

    ControlAnswer answer(http::Request const& request);

private:
    ControlAnswer change(std::string_view document);
    ControlAnswer show() const;

    base::AdjustableClock& clock_;
};

}  // namespace bluebatch::emulator::app
