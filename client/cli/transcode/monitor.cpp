#include "client/cli/transcode/monitor.hpp"

#include "client/cli/progress.hpp"
#include "client/cli/transcode/pool_health.hpp"
#include "client/cli/transcode/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

namespace bluebatch::cli::transcode {
namespace {

// Below this the list of completed tasks is one page, and asking how many there are first is not worth it.
constexpr std::size_t kOnePage = 1000;
constexpr std::chrono::seconds kOverlap{10};

class Monitor {
public:
    explicit Monitor(RunContext const& context)
        : context_(context), fetcher_(context), delay_(context.pace), health_(context) {
        auto const& conversions = context.plan.conversions;
        for (std::size_t i = 0; i < conversions.size(); ++i)
            by_task_.emplace(conversions[i].task_id, i);
        left_ = by_task_.size();
        give_up_ = context.world.clock.now() + context.options.timeout;
        began_ = last_progress_ = context.world.clock.now();
    }

    void refuse(client::RefusedTask const& task) {
        auto const found = by_task_.find(task.id);
        if (found == by_task_.end()) return;
        fetcher_.refused(found->second, fmt::format("not accepted: {}: {}", task.code, task.message));
        by_task_.erase(found);
        --left_;
    }

    Outcome<MonitorResult> run() {
        auto end = MonitorEnd::all_completed;
        while (left_ > 0) {
            if (auto const polled = poll(); !polled) return polled.error();
            if (left_ == 0) break;
            auto const now = context_.world.clock.now();
            if (now >= give_up_) {
                end = MonitorEnd::timed_out;
                break;
            }
            wait(now);
            if (context_.world.stop.stop_requested()) {
                end = MonitorEnd::interrupted;
                break;
            }
        }
        context_.world.console.clear_status();
        return MonitorResult{end, fetcher_.finish()};
    }

private:
    void wait(base::TimePoint now) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(give_up_ - now);
        context_.world.waiter.wait(std::min(delay_.next(), left), context_.world.stop);
    }

    Outcome<void> poll() {
        auto const before = left_;
        if (auto const looked = look_at_tasks(); !looked) {
            if (looked.error().fault == client::Fault::cancelled) return {};
            if (client::has_status(looked.error(), 404)) return job_is_over("is gone");
            return explain_batch(context_, looked.error(), "monitor the tasks");
        }
        auto const now = context_.world.clock.now();
        if (left_ < before) {
            delay_.restart(expected_left(now));
            last_progress_ = now;
        } else if (now - last_progress_ >= context_.pace.look_at_nodes) {
            last_progress_ = now;
            if (auto const goes_on = look_at_job(); !goes_on) return goes_on.error();
            if (auto const healthy = health_.check(); !healthy) return healthy.error();
        }
        show();
        return {};
    }

    // Tasks that wait when somebody ends their job wait for ever.
    Outcome<void> look_at_job() {
        auto const job = context_.batch.find_job(context_.options.job_id);
        // As with the pool, being unable to look is no reason to stop.
        if (!job) return {};
        if (!*job) return job_is_over("is gone");
        if ((*job)->state != "completed" && (*job)->state != "deleting") return {};
        // The last of them may have been completed just before.
        if (auto const taken = take_completed({}); taken && left_ == 0) return {};
        return job_is_over("has ended");
    }

    Failure job_is_over(std::string_view how) const {
        return {
            ExitStatus::unreachable,
            fmt::format(
                "Job [{}] {}, so its tasks can't run: {} of {} are missing.",
                context_.options.job_id,
                how,
                left_,
                context_.plan.conversions.size()
            )};
    }

    // At the rate so far.
    std::chrono::milliseconds expected_left(base::TimePoint now) const {
        auto const taken = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
        auto const done = context_.plan.conversions.size() - left_;
        return taken * static_cast<std::int64_t>(left_) / static_cast<std::int64_t>(done);
    }

    // Large jobs are counted first, and only what was completed lately is listed. Should the two disagree at
    // the end, because a clock of the service is off, everything is listed.
    client::ApiResult<void> look_at_tasks() {
        if (by_task_.size() <= kOnePage) return take_completed({});
        auto const counts = context_.batch.count_tasks(context_.options.job_id);
        if (!counts) return counts.error();
        auto const total = static_cast<std::int64_t>(by_task_.size());
        if (counts->completed <= total - static_cast<std::int64_t>(left_)) return {};
        auto const taken = take_completed(newest_ ? std::optional(*newest_ - kOverlap) : std::nullopt);
        if (!taken || left_ == 0 || counts->completed < total) return taken;
        return take_completed({});
    }

    client::ApiResult<void> take_completed(std::optional<base::TimePoint> since) {
        auto const tasks = context_.batch.list_completed_tasks(context_.options.job_id, since);
        if (!tasks) return tasks.error();
        for (auto const& task : *tasks) {
            if (task.state_transition_time) newest_ = std::max(newest_, task.state_transition_time);
            auto const found = by_task_.find(task.id);
            if (found != by_task_.end() && fetcher_.take(found->second, task)) --left_;
        }
        return {};
    }

    void show() {
        auto const total = context_.plan.conversions.size();
        auto const share = 1.0 - static_cast<double>(left_) / static_cast<double>(total);
        context_.world.console.status(
            draw_bar("Converting", share, fmt::format("{}/{} tasks completed", total - left_, total))
        );
    }

    RunContext const& context_;
    ResultFetcher fetcher_;
    PollDelay delay_;
    PoolHealth health_;
    std::map<std::string, std::size_t, std::less<>> by_task_;
    std::size_t left_ = 0;
    base::TimePoint began_;
    base::TimePoint give_up_;
    base::TimePoint last_progress_;
    std::optional<base::TimePoint> newest_;  // completion seen
};

}  // namespace

std::size_t MonitorResult::count(TaskEnd wanted) const {
    return static_cast<std::size_t>(std::count_if(
        reports.begin(), reports.end(), [wanted](TaskReport const& report) { return report.end == wanted; }
    ));
}

Outcome<MonitorResult> monitor_tasks(
    RunContext const& context, std::vector<client::RefusedTask> const& refused
) {
    Monitor monitor(context);
    for (auto const& task : refused)
        monitor.refuse(task);
    return monitor.run();
}

}  // namespace bluebatch::cli::transcode
