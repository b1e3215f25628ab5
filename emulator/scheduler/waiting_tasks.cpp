#include "emulator/scheduler/waiting_tasks.hpp"

#include <algorithm>

namespace bluebatch::emulator::scheduler {

std::int64_t WaitingTasks::Line::first() const {
    if (fresh.empty()) return again.top();
    return again.empty() ? fresh.front() : std::min(fresh.front(), again.top());
}

void WaitingTasks::Line::pop() {
    bool const from_again = fresh.empty() || (!again.empty() && again.top() < fresh.front());
    if (from_again) {
        again.pop();
    } else {
        fresh.pop_front();
    }
}

void WaitingTasks::append(WaitingTask task) {
    lines_[task.required_slots].fresh.push_back(task.sequence);
}

void WaitingTasks::put_back(WaitingTask task) {
    lines_[task.required_slots].again.push(task.sequence);
}

std::optional<WaitingTask> WaitingTasks::take(int most_slots) {
    auto best = lines_.end();
    for (auto line = lines_.begin(); line != lines_.end() && line->first <= most_slots; ++line) {
        if (best == lines_.end() || line->second.first() < best->second.first()) best = line;
    }
    if (best == lines_.end()) return std::nullopt;
    WaitingTask const task{best->second.first(), best->first};
    best->second.pop();
    if (best->second.empty()) lines_.erase(best);
    return task;
}

}  // namespace bluebatch::emulator::scheduler
