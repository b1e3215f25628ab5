#pragma once

#include "client/cli/console.hpp"
#include "client/cli/exit_status.hpp"
#include "client/cli/options.hpp"
#include "client/cli/transcode/monitor.hpp"
#include "client/cli/transcode/plan.hpp"

#include <string>

namespace bluebatch::cli::transcode {

// The tutorial's closing words, and each task that did not make it with the end of what it wrote.
void tell_result(
    Console& console, TranscodeOptions const& options, Plan const& plan, MonitorResult const& result
);

ExitStatus status_of(MonitorResult const& result);

struct Summary {
    ExitStatus status = ExitStatus::success;
    std::string error;  // why the run ended early; empty when it did not
    base::TimePoint started;
    base::Ticks elapsed{0};
};

// The document of --json.
std::string to_json(
    TranscodeOptions const& options, Plan const& plan, MonitorResult const& result, Summary const& summary
);

}  // namespace bluebatch::cli::transcode
