#pragma once

#include "emulator/domain/messages.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

namespace bluebatch::emulator::scheduler {

struct Mail {
    std::vector<domain::Change> changes;
    std::vector<domain::RunReport> reports;

    bool empty() const { return changes.empty() && reports.empty(); }
};

// What others tell the scheduler; put() from any thread, the rest on the scheduler's.
class Mailbox {
public:
    void put(domain::Change change);
    void put(domain::RunReport report);
    // The clock has been moved: a wait ends.
    void wake();
    void close();
    bool is_empty() const;

    // Waits for mail, wake() or the end of `at_most` and takes all the mail there is. Empty once closed.
    std::optional<Mail> take(std::optional<base::Ticks> at_most);

private:
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    Mail mail_;
    bool woken_ = false;
    bool closed_ = false;
};

}  // namespace bluebatch::emulator::scheduler
