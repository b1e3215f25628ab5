#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <vector>

namespace bluebatch::emulator::scheduler {

struct WaitingTask {
    std::int64_t sequence = 0;
    int required_slots = 1;
    int instances = 0;  // nodes that it takes, as a whole; 0: it is no multi-instance task

    bool operator==(WaitingTask const&) const = default;
};

// The active tasks of one job that have been read from the store, first added first. Entries may be stale
// (ended or deleted since): whoever takes one asks the store. A task costs eight bytes here; most are still
// unread.
class WaitingTasks {
public:
    // Tasks beyond all that are known, in order.
    void append(WaitingTask task);
    // One that was taken before: a retry, or a task that lost its node.
    void put_back(WaitingTask task);
    // The earliest task that needs `most_slots` or fewer, or `most_nodes` or fewer where it takes whole ones.
    std::optional<WaitingTask> take(int most_slots, int most_nodes = 0);
    // What the least demanding task needs that is no multi-instance task.
    std::optional<int> least_slots() const;
    bool empty() const { return lines_.empty() && gangs_.empty(); }

private:
    struct Line {
        std::deque<std::int64_t> fresh;
        std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> again;

        bool empty() const { return fresh.empty() && again.empty(); }
        std::int64_t first() const;
        void pop();
    };

    using Lines = std::map<int, Line>;  // none is empty

    static Lines::iterator earliest(Lines& lines, int most);
    Line& line_of(WaitingTask task) {
        return task.instances > 0 ? gangs_[task.instances] : lines_[task.required_slots];
    }

    Lines lines_;  // by required slots
    Lines gangs_;  // multi-instance tasks, by instances
};

}  // namespace bluebatch::emulator::scheduler
