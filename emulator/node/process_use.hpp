#pragma once

#include "emulator/domain/resource_use.hpp"

#include <sys/types.h>

#include <map>
#include <optional>
#include <string_view>

// What the kernel knows of processes: /proc/PID/stat and /proc/PID/io.
namespace bluebatch::emulator::node {

struct ProcessStatus {
    pid_t group = 0;
    base::Ticks cpu_time{0};  // with that of children it has waited for
    std::uint64_t memory_bytes = 0;
};

std::optional<ProcessStatus> parse_process_status(std::string_view stat);
// Fills in what the file tells; of children too, once they have been waited for.
void parse_process_io(std::string_view io, domain::ResourceUse& use);

// Of one process, which may be a zombie; nothing that is gone or of other users.
domain::ResourceUse read_process_use(pid_t process);
// Adds up the processes of each group that is a key, in one pass over all processes.
void read_group_uses(std::map<pid_t, domain::ResourceUse>& groups);

}  // namespace bluebatch::emulator::node
