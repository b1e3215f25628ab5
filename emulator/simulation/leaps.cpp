#include "emulator/simulation/leaps.hpp"

#include "shared/base/log.hpp"

#include <algorithm>

namespace bluebatch::emulator::simulation {

namespace {

// Times beyond can't be written down (see app/clock_control.cpp).
constexpr base::TimePoint kEndOfTime = std::chrono::sys_days{std::chrono::year{2999} / 12 / 31};

}  // namespace

std::size_t Leaps::join() {
    std::scoped_lock const lock(mutex_);
    accounts_.emplace_back();
    return accounts_.size() - 1;
}

void Leaps::leave(std::size_t account) {
    std::scoped_lock const lock(mutex_);
    accounts_.at(account) = {std::nullopt, false, true};
    leap_if_all_rest();
}

void Leaps::go_on(std::size_t account) {
    std::scoped_lock const lock(mutex_);
    accounts_.at(account).rests = false;
}

void Leaps::end() {
    std::scoped_lock const lock(mutex_);
    is_over_ = true;
}

void Leaps::wait(std::size_t account, std::optional<base::TimePoint> next, bool waits) {
    std::scoped_lock const lock(mutex_);
    accounts_.at(account) = {next, waits, true};
    leap_if_all_rest();
}

void Leaps::leap_if_all_rest() {
    if (!std::ranges::all_of(accounts_, &Account::rests)) return;
    auto target = base::TimePoint::max();
    bool any_waits = false;
    for (auto const& each : accounts_) {
        target = std::min(target, each.next.value_or(base::TimePoint::max()));
        any_waits = any_waits || each.waits;
    }
    if (is_over_ || !any_waits || target == base::TimePoint::max()) return;
    if (target > kEndOfTime) {
        base::log::error("simulated tasks would end after the year 2999; the clock goes no further");
        return;
    }
    clock_.go_on_to(target);
}

}  // namespace bluebatch::emulator::simulation
