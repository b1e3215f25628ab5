#pragma once

#include "emulator/autoscale/samples.hpp"

namespace bluebatch::emulator::autoscale {

// The samples of one pool over the last kHistoryWindow. A variable costs memory only where its number
// changes, so that an idle pool needs eight bytes a sample. One thread at a time.
class SampleHistory final : public Samples {
public:
    // A clock that went back makes the samples forgotten that lie in the future now.
    void record(base::TimePoint time, PoolSample const& sample);
    void clear();

    Vector between(Variable variable, base::TimePoint begin, base::TimePoint end) const override;
    Vector last(Variable variable, std::size_t count) const override;
    std::size_t count(Variable variable) const override;
    std::optional<base::TimePoint> begin(Variable variable) const override;

private:
    // The number that a variable has from a sample on; none while it is not measured. Samples are counted
    // from the first that was ever recorded.
    struct Change {
        std::uint64_t from;
        std::optional<double> number;
    };
    // Samples of one number, next to each other.
    struct Run {
        std::uint64_t begin;
        std::uint64_t end;
        double number;
    };

    void forget_from(base::TimePoint time);
    void forget_before(base::TimePoint time);
    std::uint64_t sample_at(base::TimePoint time) const;
    std::uint64_t end() const { return first_ + times_.size(); }
    std::vector<Run> runs(Variable variable, std::uint64_t begin, std::uint64_t end) const;

    std::uint64_t first_ = 0;
    std::vector<base::TimePoint> times_;
    std::array<std::vector<Change>, kVariableCount> changes_;
};

}  // namespace bluebatch::emulator::autoscale
