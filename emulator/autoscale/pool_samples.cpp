#include "emulator/autoscale/pool_samples.hpp"

#include "shared/base/text.hpp"

namespace bluebatch::emulator::autoscale {

void PoolSamples::record(std::string_view pool_id, base::TimePoint time, PoolSample const& sample) {
    std::scoped_lock const lock(mutex_);
    histories_[base::to_lower(pool_id)].record(time, sample);
}

void PoolSamples::forget(std::string_view pool_id) {
    std::scoped_lock const lock(mutex_);
    histories_.erase(base::to_lower(pool_id));
}

void PoolSamples::look(std::string_view pool_id, std::function<void(Samples const&)> const& at) const {
    std::scoped_lock const lock(mutex_);
    auto const found = histories_.find(base::to_lower(pool_id));
    static SampleHistory const none;
    at(found == histories_.end() ? none : found->second);
}

}  // namespace bluebatch::emulator::autoscale
