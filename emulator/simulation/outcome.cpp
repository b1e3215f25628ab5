#include "emulator/simulation/outcome.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <string_view>

namespace bluebatch::emulator::simulation {

namespace {

constexpr std::string_view kTime = "BLUEBATCH_SIMULATED_TIME";
constexpr std::string_view kExitCode = "BLUEBATCH_SIMULATED_EXIT_CODE";
constexpr int kLargestExitCode = 255;

// Numbers that look random and follow from the seed and from the names that were added.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : state_(seed) {}

    void add(std::string_view name) {
        constexpr std::uint64_t kPrime = 0x100'0000'01B3;  // FNV-1a
        for (char const c : name)
            state_ = (state_ ^ static_cast<unsigned char>(c)) * kPrime;
        state_ = (state_ ^ name.size()) * kPrime;
    }
    // Below the limit; SplitMix64.
    std::uint64_t next(std::uint64_t limit) {
        std::uint64_t mixed = state_ += 0x9E37'79B9'7F4A'7C15;
        mixed = (mixed ^ mixed >> 30U) * 0xBF58'476D'1CE4'E5B9;
        mixed = (mixed ^ mixed >> 27U) * 0x94D0'49BB'1331'11EB;
        return (mixed ^ mixed >> 31U) % limit;
    }

private:
    std::uint64_t state_;
};

Draws draws_for(domain::RunCommand const& command, std::uint64_t seed) {
    Draws draws(seed);
    bool const is_task = command.kind == domain::RunKind::task;
    for (std::string_view const name :
         {std::string_view(command.job_id),
          std::string_view(command.task_id),
          is_task ? std::string_view{} : std::string_view(command.node_id)})
        draws.add(base::to_lower(name));
    draws.add(std::to_string(command.retry_count));
    return draws;
}

std::string const* find_setting(domain::RunCommand const& command, std::string_view name) {
    auto const& settings = command.specification.environment_settings;
    auto const found = std::ranges::find(settings, name, &domain::NameValue::name);
    return found == settings.end() ? nullptr : &found->value;
}

domain::FailureInfo bad_setting(std::string_view name, std::string_view expected) {
    return {
        domain::ErrorCategory::user_error,
        "CommandLaunchFailed",
        "The environment setting " + std::string(name) + " is not " + std::string(expected),
        {}};
}

// Nothing when the setting is wrong, which the report then says.
std::optional<WorkTime> time_of(
    domain::RunCommand const& command, Behaviour const& behaviour, domain::RunReport& report
) {
    auto const* const text = find_setting(command, kTime);
    if (text == nullptr) return command.kind == domain::RunKind::task ? behaviour.time : WorkTime{};
    auto const time = parse_work_time(*text);
    if (!time) report.failure = bad_setting(kTime, "a time such as 90s or 10s..60s");
    return time;
}

std::optional<int> exit_code_of(domain::RunCommand const& command, bool fails, domain::RunReport& report) {
    auto const* const text = find_setting(command, kExitCode);
    if (text == nullptr) return fails ? 1 : 0;
    auto const exit_code = base::parse_number<int>(*text);
    if (exit_code && *exit_code >= 0 && *exit_code <= kLargestExitCode) return exit_code;
    report.failure = bad_setting(kExitCode, "a number from 0 to 255");
    return std::nullopt;
}

}  // namespace

domain::RunReport outcome_of(
    domain::RunCommand const& command, Behaviour const& behaviour, std::uint64_t seed
) {
    domain::RunReport report;
    report.run = command.run;
    report.start_time = command.start_time;
    report.end_time = command.start_time;
    // What its environment says is the task's own.
    bool const comes_before =
        command.kind == domain::RunKind::coordination || command.kind == domain::RunKind::node_setup;
    if (comes_before) {
        report.exit_code = 0;
        return report;
    }
    auto draws = draws_for(command, seed);
    auto const time = time_of(command, behaviour, report);
    if (!time) return report;
    auto const span = static_cast<std::uint64_t>((time->most - time->least).count());
    auto const taken = time->least + base::Ticks{static_cast<std::int64_t>(draws.next(span + 1))};
    bool const fails = command.kind == domain::RunKind::task &&
                       draws.next(100) < static_cast<std::uint64_t>(behaviour.failing_percent);
    report.exit_code = exit_code_of(command, fails, report);
    if (!report.exit_code) return report;
    report.end_time += taken;
    report.retryable = *report.exit_code != 0;
    if (report.retryable) report.failure = domain::failure_exit_code();
    return report;
}

}  // namespace bluebatch::emulator::simulation
