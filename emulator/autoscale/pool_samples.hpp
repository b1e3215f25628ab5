#pragma once

#include "emulator/autoscale/sample_history.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace bluebatch::emulator::autoscale {

// The samples of all pools that scale by themselves. Thread-safe.
class PoolSamples {
public:
    void record(std::string_view pool_id, base::TimePoint time, PoolSample const& sample);
    void forget(std::string_view pool_id);
    // Shows a pool's samples, which do not change meanwhile.
    void look(std::string_view pool_id, std::function<void(Samples const&)> const& at) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, SampleHistory> histories_;  // by id in lower case
};

}  // namespace bluebatch::emulator::autoscale
