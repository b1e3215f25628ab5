#pragma once

#include "client/cli/doctor/checks.hpp"
#include "client/cli/exit_status.hpp"
#include "client/cli/options.hpp"

namespace bluebatch::cli {

// Looks at everything that a run needs, one thing after the other, and says what to do where one is missing.
ExitStatus run(DoctorOptions const& options, World const& world);

namespace doctor {
Findings examine(Examination const& examination);
// The first failure's; warnings are no failures.
ExitStatus status_of(Findings const& findings);
void tell(Findings const& findings, DoctorOptions const& options, Console& console);
}  // namespace doctor

}  // namespace bluebatch::cli
