#include "emulator/autoscale/sample_history.hpp"

#include "emulator/autoscale/choices.hpp"

#include <algorithm>

namespace bluebatch::emulator::autoscale {

namespace {

// However often samples come.
constexpr std::size_t kMostSamples = kHistoryWindow / kSamplePeriod;

}  // namespace

void SampleHistory::record(base::TimePoint time, PoolSample const& sample) {
    forget_from(time);
    for (std::size_t i = 0; i < kVariableCount; ++i) {
        auto& changes = changes_[i];
        auto const& number = sample[static_cast<Variable>(i)];
        auto const before = changes.empty() ? std::nullopt : changes.back().number;
        if (number != before) changes.push_back({end(), number});
    }
    times_.push_back(time);
    forget_before(time - kHistoryWindow);
}

void SampleHistory::clear() {
    times_.clear();
    for (auto& changes : changes_)
        changes.clear();
}

void SampleHistory::forget_from(base::TimePoint time) {
    while (!times_.empty() && times_.back() >= time)
        times_.pop_back();
    for (auto& changes : changes_)
        while (!changes.empty() && changes.back().from >= end())
            changes.pop_back();
}

void SampleHistory::forget_before(base::TimePoint time) {
    auto const kept = std::ranges::lower_bound(times_, time);
    auto const too_old = static_cast<std::size_t>(kept - times_.begin());
    auto const too_many = times_.size() > kMostSamples ? times_.size() - kMostSamples : 0;
    auto const gone = std::max(too_old, too_many);
    times_.erase(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(gone));
    first_ += gone;
    for (auto& changes : changes_) {
        // The last change before the first sample says what number that sample has.
        auto const next = std::ranges::upper_bound(changes, first_, {}, &Change::from);
        if (next != changes.begin()) changes.erase(changes.begin(), next - 1);
    }
}

std::uint64_t SampleHistory::sample_at(base::TimePoint time) const {
    return first_ + static_cast<std::uint64_t>(std::ranges::lower_bound(times_, time) - times_.begin());
}

std::vector<SampleHistory::Run> SampleHistory::runs(Variable variable, std::uint64_t begin, std::uint64_t end)
    const {
    std::vector<Run> found;
    auto const& changes = changes_[static_cast<std::size_t>(variable)];
    for (auto change = changes.begin(); change != changes.end(); ++change) {
        auto const next = std::next(change);
        auto const from = std::max(begin, change->from);
        auto const to = next == changes.end() ? end : std::min(end, next->from);
        if (change->number && from < to) found.push_back({from, to, *change->number});
    }
    return found;
}

Vector SampleHistory::between(Variable variable, base::TimePoint begin, base::TimePoint end) const {
    Vector numbers;
    for (auto const& run : runs(variable, sample_at(begin), sample_at(end)))
        numbers.insert(numbers.end(), run.end - run.begin, run.number);
    std::ranges::reverse(numbers);
    return numbers;
}

Vector SampleHistory::last(Variable variable, std::size_t count) const {
    Vector numbers;
    auto const all = runs(variable, first_, end());
    for (auto run = all.rbegin(); run != all.rend() && numbers.size() < count; ++run)
        numbers.insert(
            numbers.end(), std::min<std::size_t>(run->end - run->begin, count - numbers.size()), run->number
        );
    return numbers;
}

std::size_t SampleHistory::count(Variable variable) const {
    std::size_t count = 0;
    for (auto const& run : runs(variable, first_, end()))
        count += run.end - run.begin;
    return count;
}

std::optional<base::TimePoint> SampleHistory::begin(Variable variable) const {
    auto const all = runs(variable, first_, end());
    if (all.empty()) return std::nullopt;
    return times_[all.front().begin - first_];
}

}  // namespace bluebatch::emulator::autoscale
