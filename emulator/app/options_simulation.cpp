#include "emulator/app/options_simulation.hpp"

#include "emulator/app/options_storage.hpp"

#include <CLI/CLI.hpp>

namespace bluebatch::emulator::app {

void declare_simulation_options(CLI::App& app, Options& options) {
    auto const behaviour = [&options]() -> simulation::Behaviour& {
        if (!options.simulation) options.simulation.emplace();
        return *options.simulation;
    };
    auto const take_time = [behaviour](std::string const& text) {
        auto const time = simulation::parse_work_time(text);
        if (!time) throw CLI::ValidationError("--simulate", "write a time such as 30s, or a range: 10s..60s");
        behaviour().time = *time;
    };
    auto* const simulate =
        app.add_option_function<std::string>(
               "--simulate",
               take_time,
               "Run nothing: tasks take this time (30s) or one between two (10s..60s), and the clock leaps "
               "over "
               "it. A task's environment settings BLUEBATCH_SIMULATED_TIME and BLUEBATCH_SIMULATED_EXIT_CODE "
               "say otherwise"
        )
            ->envname(variable_of("simulate"))
            ->type_name("TIME");
    constexpr int kAll = 100;
    app.add_option_function<int>(
           "--simulate-failures",
           [behaviour](int percent) { behaviour().failing_percent = percent; },
           "How many of a hundred simulated tasks exit with 1 (default: 0)"
    )
        ->envname(variable_of("simulate-failures"))
        ->check(CLI::Range(0, kAll))
        ->needs(simulate);
    app.add_option_function<std::uint64_t>(
           "--simulate-seed",
           [behaviour](std::uint64_t seed) { behaviour().seed = seed; },
           "With the same number the same tasks take the same times (default: another each time)"
    )
        ->envname(variable_of("simulate-seed"))
        ->needs(simulate);
}

}  // namespace bluebatch::emulator::app
