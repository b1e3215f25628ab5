#include "emulator/scheduler/mailbox.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::scheduler {

void Mailbox::put(domain::Change change) {
    {
        std::scoped_lock const lock(mutex_);
        mail_.changes.push_back(std::move(change));
    }
    arrived_.notify_one();
}

void Mailbox::put(domain::RunReport report) {
    {
        std::scoped_lock const lock(mutex_);
        mail_.reports.push_back(std::move(report));
    }
    arrived_.notify_one();
}

void Mailbox::wake() {
    {
        std::scoped_lock const lock(mutex_);
        woken_ = true;
    }
    arrived_.notify_one();
}

void Mailbox::close() {
    {
        std::scoped_lock const lock(mutex_);
        closed_ = true;
    }
    arrived_.notify_one();
}

bool Mailbox::is_empty() const {
    std::scoped_lock const lock(mutex_);
    return mail_.empty();
}

std::optional<Mail> Mailbox::take(std::optional<base::Ticks> at_most) {
    // Far enough to be no limit, near enough not to overflow the clock that waits.
    constexpr base::Ticks kLongest = std::chrono::hours{24};
    std::unique_lock lock(mutex_);
    auto const due = [this] { return closed_ || woken_ || !mail_.empty(); };
    base::Ticks const wait = std::clamp(at_most.value_or(kLongest), base::Ticks{0}, kLongest);
    if (wait > base::Ticks{0}) arrived_.wait_for(lock, wait, due);
    if (closed_) return std::nullopt;
    woken_ = false;
    return std::exchange(mail_, {});
}

}  // namespace bluebatch::emulator::scheduler
