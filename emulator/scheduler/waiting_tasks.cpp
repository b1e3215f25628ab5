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
    line_of(task).fresh.push_back(task.sequence);
}

void WaitingTasks::put_back(WaitingTask task) {
    line_of(task).again.push(task.sequence);
}

WaitingTasks::Lines::iterator WaitingTasks::earliest(Lines& lines, int most) {
    auto best = lines.end();
    for (auto line = lines.begin(); line != lines.end() && line->first <= most; ++line) {
        if (best == lines.end() || line->second.first() < best->second.first()) best = line;
    }
    return best;
}

std::optional<int> WaitingTasks::least_slots() const {
    return lines_.empty() ? std::nullopt : std::optional{lines_.begin()->first};
}

std::optional<WaitingTask> WaitingTasks::take(int most_slots, int most_nodes) {
    auto const line = earliest(lines_, most_slots);
    auto const gang = earliest(gangs_, most_nodes);
    bool const has_line = line != lines_.end();
    bool const has_gang = gang != gangs_.end();
    if (!has_line && !has_gang) return std::nullopt;
    bool const is_gang = has_gang && (!has_line || gang->second.first() < line->second.first());
    Lines& lines = is_gang ? gangs_ : lines_;
    auto const best = is_gang ? gang : line;
    std::int64_t const sequence = best->second.first();
    WaitingTask const task =
        is_gang ? WaitingTask{sequence, 1, best->first} : WaitingTask{sequence, best->first};
    best->second.pop();
    if (best->second.empty()) lines.erase(best);
    return task;
}

}  // namespace bluebatch::emulator::scheduler
