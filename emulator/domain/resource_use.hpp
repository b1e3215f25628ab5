#pragma once

#include "shared/base/time.hpp"

#include <cstdint>

namespace bluebatch::emulator::domain {

// What runs have used of the machine.
struct ResourceUse {
    // Over some time.
    base::Ticks cpu_time{0};
    base::Ticks wall_clock{0};
    std::uint64_t disk_read_bytes = 0;
    std::uint64_t disk_write_bytes = 0;
    std::uint64_t disk_reads = 0;
    std::uint64_t disk_writes = 0;
    std::uint64_t received_bytes = 0;
    std::uint64_t sent_bytes = 0;
    // At the end of it.
    std::uint64_t memory_bytes = 0;
    std::uint64_t disk_bytes = 0;  // that are taken on the disk of a node
};

}  // namespace bluebatch::emulator::domain
