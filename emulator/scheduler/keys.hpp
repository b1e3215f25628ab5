#pragma once

#include <cstdint>

namespace bluebatch::emulator::scheduler {

// Names within one life of the scheduler; none is ever given twice.
enum class PoolKey : std::uint32_t {};  // one per pool id, whether or not such a pool exists
enum class NodeKey : std::uint64_t {};
enum class JobKey : std::int64_t {};  // the job's sequence in the store

}  // namespace bluebatch::emulator::scheduler
