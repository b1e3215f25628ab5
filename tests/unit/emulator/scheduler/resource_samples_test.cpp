#include "emulator/scheduler/resource_samples.hpp"

#include <gtest/gtest.h>

namespace bluebatch::emulator::scheduler {
namespace {

using autoscale::Variable;
using std::chrono::seconds;

domain::ResourceUse some_use() {
    domain::ResourceUse use;
    use.cpu_time = seconds{90};
    use.wall_clock = seconds{120};
    use.memory_bytes = 8 << 20;
    use.disk_bytes = std::uint64_t{3} << 30;
    use.disk_read_bytes = 1000;
    use.disk_writes = 10;
    use.received_bytes = 600;
    return use;
}

// Batch: AS-37
TEST(ResourceSamples, AreAveragesOfNodesAndTotalsOfThePool) {
    autoscale::PoolSample sample;
    add_resources(sample, some_use(), {.nodes = 2, .cores = 2}, 1);
    EXPECT_DOUBLE_EQ(*sample[Variable::cpu_percent], 0.75);  // of 30 s on four cores
    EXPECT_DOUBLE_EQ(*sample[Variable::wall_clock_seconds], 120);
    EXPECT_DOUBLE_EQ(*sample[Variable::memory_bytes], 4);
    EXPECT_DOUBLE_EQ(*sample[Variable::disk_bytes], 3);
    EXPECT_DOUBLE_EQ(*sample[Variable::disk_read_bytes], 1000);
    EXPECT_DOUBLE_EQ(*sample[Variable::disk_write_ops], 10);
    EXPECT_DOUBLE_EQ(*sample[Variable::network_in_bytes], 600);
    EXPECT_DOUBLE_EQ(*sample[Variable::network_out_bytes], 0);
}

TEST(ResourceSamples, ShareWhatWasUsedWhileTheClockJumped) {
    autoscale::PoolSample sample;
    add_resources(sample, some_use(), {.nodes = 1, .cores = 1}, 6);
    EXPECT_DOUBLE_EQ(*sample[Variable::cpu_percent], 0.5);
    EXPECT_DOUBLE_EQ(*sample[Variable::network_in_bytes], 100);
    EXPECT_DOUBLE_EQ(*sample[Variable::memory_bytes], 8);
}

TEST(ResourceSamples, NeedANode) {
    autoscale::PoolSample sample;
    add_resources(sample, some_use(), {.nodes = 0, .cores = 1}, 1);
    EXPECT_FALSE(sample[Variable::cpu_percent]);
    EXPECT_FALSE(sample[Variable::network_in_bytes]);
}

}  // namespace
}  // namespace bluebatch::emulator::scheduler
