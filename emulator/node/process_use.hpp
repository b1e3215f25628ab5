#pragma once

#include "emulator/domain/resource_use.hpp"

#include <sys/types.h>

#include <optional>
#include <string_view>

// What the kernel knows of processes: /proc/PID/stat and /proc/PID/io.
namespace bluebatch::emulator::node {

struct ProcessStatus {
    base::Ticks cpu_time{0};  // with that of children it has waited for
    std::uint64_t memory_bytes = 0;
};

std::optional<ProcessStatus> parse_process_status(std::string_view stat);
// Fills in what the file tells; of children too, once they have been waited for.
void parse_process_io(std::string_view io, domain::ResourceUse& use);

// Of one process, which may be a zombie; nothing that is gone or of other users.
domain::ResourceUse read_process_use(pid_t process);
// Of a process and everything that it started and that still has it above itself.
domain::ResourceUse read_tree_use(pid_t root);

}  // namespace bluebatch::emulator::node
