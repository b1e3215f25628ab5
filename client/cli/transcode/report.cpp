#include "client/cli/transcode/report.hpp"

#include "client/cli/durations.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::cli::transcode {
namespace {

std::string indent(std::string const& text) {
    std::string result = "    ";
    for (char const letter : text) {
        result += letter;
        if (letter == '\n') result += "    ";
    }
    return result;
}

void tell_failure(Console& console, Conversion const& conversion, TaskReport const& report) {
    auto text = fmt::format(
        "{} ({}) failed: {}", conversion.task_id, conversion.input.filename().string(), report.failure
    );
    if (!report.stderr_end.empty())
        text += fmt::format("\n  The end of its stderr.txt:\n{}", indent(report.stderr_end));
    console.error(text);
}

char const* word_for(TaskEnd end) {
    switch (end) {
        case TaskEnd::succeeded:
            return "success";
        case TaskEnd::failed:
            return "failure";
        case TaskEnd::unfinished:
            break;
    }
    return "unfinished";
}

nlohmann::ordered_json to_json(Conversion const& conversion, TaskReport const& report) {
    nlohmann::ordered_json json{
        {"id", conversion.task_id},
        {"input", conversion.input.string()},
        {"result", word_for(report.end)},
    };
    if (report.end == TaskEnd::succeeded) {
        json["output"] = conversion.result.string();
        json["outputBytes"] = report.result_size;
    }
    if (report.exit_code) json["exitCode"] = *report.exit_code;
    if (report.seconds) json["seconds"] = *report.seconds;
    if (!report.failure.empty()) json["failure"] = report.failure;
    if (!report.stderr_end.empty()) json["stderr"] = report.stderr_end;
    return json;
}

}  // namespace

void tell_result(
    Console& console, TranscodeOptions const& options, Plan const& plan, MonitorResult const& result
) {
    auto const total = plan.conversions.size();
    auto const failed = result.count(TaskEnd::failed);
    if (result.end == MonitorEnd::timed_out) {
        console.error(fmt::format(
            "Tasks did not reach 'Completed' state within the timeout period of {}: {} of {} are missing. "
            "--timeout gives them longer.",
            to_clock(options.timeout),
            result.count(TaskEnd::unfinished),
            total
        ));
    } else if (failed == 0) {
        console.line("Success! All tasks completed successfully within the specified timeout period.");
    } else {
        console.line(fmt::format("All tasks completed: {} succeeded, {} failed.", total - failed, failed));
    }
    for (std::size_t i = 0; i < total; ++i) {
        if (result.reports[i].end == TaskEnd::failed)
            tell_failure(console, plan.conversions[i], result.reports[i]);
    }
}

ExitStatus status_of(MonitorResult const& result) {
    if (result.end == MonitorEnd::interrupted) return ExitStatus::interrupted;
    if (result.end == MonitorEnd::timed_out) return ExitStatus::unreachable;
    return result.count(TaskEnd::failed) > 0 ? ExitStatus::task_failed : ExitStatus::success;
}

std::string to_json(
    TranscodeOptions const& options, Plan const& plan, MonitorResult const& result, Summary const& summary
) {
    auto tasks = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < result.reports.size(); ++i) {
        tasks.push_back(to_json(plan.conversions[i], result.reports[i]));
    }
    nlohmann::ordered_json json{
        {"target", options.connection.target == Target::azure ? "azure" : "emulator"},
        {"exitStatus", static_cast<int>(summary.status)},
        {"pool", options.pool_id},
        {"job", options.job_id},
        {"total", plan.conversions.size()},
        {"succeeded", result.count(TaskEnd::succeeded)},
        {"failed", result.count(TaskEnd::failed)},
        {"unfinished",
         plan.conversions.size() - result.count(TaskEnd::succeeded) - result.count(TaskEnd::failed)},
        {"startTime", base::to_iso8601(summary.started)},
        {"elapsedSeconds", std::chrono::duration<double>(summary.elapsed).count()},
    };
    if (!summary.error.empty()) json["error"] = summary.error;
    json["tasks"] = std::move(tasks);
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace bluebatch::cli::transcode
