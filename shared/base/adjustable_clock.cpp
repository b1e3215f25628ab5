#include "shared/base/adjustable_clock.hpp"

#include <utility>

namespace bluebatch::base {
namespace {

TimePoint from_ticks(std::int64_t ticks) {
    return TimePoint{Ticks{ticks}};
}

}  // namespace

TimePoint AdjustableClock::now() const {
    auto const frozen_at = frozen_at_.load();
    return frozen_at != kRunning ? from_ticks(frozen_at) : machine_.now() + Ticks{offset_.load()};
}

bool AdjustableClock::is_frozen() const {
    return frozen_at_.load() != kRunning;
}

void AdjustableClock::apply(Change const& change) {
    std::scoped_lock const lock(changing_);
    auto time = change.reset ? machine_.now() : now();
    if (change.now) time = *change.now;
    time += change.advance;
    bool const stands = change.frozen.value_or(!change.reset && is_frozen());
    bool const goes_with_the_machine = change.reset && !change.now && change.advance == Ticks{0};
    // First what it falls back to, so that nobody reads a time between the two.
    offset_ = goes_with_the_machine ? 0 : (time - machine_.now()).count();
    frozen_at_ = stands ? time.time_since_epoch().count() : kRunning;
    for (auto const& listener : listeners_)
        listener();
}

void AdjustableClock::go_on_to(TimePoint time) {
    std::scoped_lock const lock(changing_);
    auto const missing = (time - now()).count();
    if (is_frozen() || missing <= 0) return;
    offset_ += missing;
    for (auto const& listener : listeners_)
        listener();
}

void AdjustableClock::on_change(std::function<void()> listener) {
    std::scoped_lock const lock(changing_);
    listeners_.push_back(std::move(listener));
}

}  // namespace bluebatch::base
