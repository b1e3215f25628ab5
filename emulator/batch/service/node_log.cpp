#include "emulator/batch/service/node_log.hpp"

#include "emulator/batch/service/node_access.hpp"
#include "emulator/storage/batch/node_history.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::batch::service {
namespace {

using domain::NodeState;

constexpr int kMostTasks = 10'000;

class Events {
public:
    explicit Events(LogSpan const& span) : span_(span) {}

    void add(std::optional<base::TimePoint> const& time, std::string text) {
        if (!time || *time < span_.start || (span_.end && *time > *span_.end)) return;
        events_.push_back({*time, std::move(text)});
    }

    std::string write(std::string title) && {
        std::ranges::stable_sort(events_, {}, &Event::time);
        std::string log = std::move(title);
        for (auto const& [time, text] : events_)
            log += fmt::format("{} {}\n", base::to_iso8601(time, 7), text);
        return log;
    }

private:
    struct Event {
        base::TimePoint time;
        std::string text;
    };
    LogSpan span_;
    std::vector<Event> events_;
};

std::string outcome(std::optional<int> exit_code, std::optional<domain::FailureInfo> const& failure) {
    std::string text;
    if (exit_code) text += fmt::format(" with exit code {}", *exit_code);
    if (failure) text += fmt::format(" ({}: {})", failure->code, failure->message);
    return text;
}

void add_node(Events& events, domain::Node const& node) {
    events.add(node.allocation_time, "node allocated at " + node.ip_address);
    events.add(node.last_boot_time, "node booted");
    events.add(
        node.state_transition_time,
        fmt::format(
            "node is {}, scheduling {}", domain::to_word(node.state), domain::to_word(node.scheduling_state)
        )
    );
    if (auto const& start = node.start_task_info) {
        events.add(start->start_time, "start task started");
        events.add(
            start->last_retry_time, fmt::format("start task tried again, retry {}", start->retry_count)
        );
        events.add(start->end_time, "start task ended" + outcome(start->exit_code, start->failure));
    }
}

void add_task(Events& events, domain::Task const& task) {
    auto const name = fmt::format("task {}/{}", task.job_id, task.id);
    auto const& execution = task.execution;
    events.add(execution.start_time, name + " started");
    events.add(execution.end_time, name + " ended" + outcome(execution.exit_code, execution.failure));
}

bool has_machine(NodeState state) {
    return state != NodeState::preempted && state != NodeState::deallocated;
}

}  // namespace

Result<std::string> write_node_log(
    Context const& context, std::string_view pool_id, std::string_view node_id, LogSpan const& span
) {
    storage::Snapshot snapshot(context.database);
    auto const found = get_node_in_pool(snapshot.connection(), pool_id, node_id);
    if (!found) return found.error();
    auto const& node = found->node;
    if (node.state == NodeState::creating) return BatchError{BatchErrorCode::node_being_created, {}};
    if (!has_machine(node.state)) {
        return invalid_state(
            "The node has no machine at present: it is " + std::string(domain::to_word(node.state))
        );
    }
    Events events(span);
    add_node(events, node);
    for (auto const& task :
         storage::list_tasks_of_node(snapshot.connection(), found->pool.id, node.id, kMostTasks))
        add_task(events, task);
    return std::move(events).write(fmt::format(
        "node {} of pool {}, from {} to {}\n",
        node.id,
        found->pool.id,
        base::to_iso8601(span.start),
        base::to_iso8601(span.end.value_or(context.now))
    ));
}

}  // namespace bluebatch::emulator::batch::service
