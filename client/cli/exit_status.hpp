#pragma once

#include <cstdint>

namespace bluebatch::cli {

// What the program ends with; scripts rely on it.
enum class ExitStatus : std::uint8_t {
    success = 0,
    task_failed = 1,
    usage = 2,  // wrong usage or credentials, what the service refused for good, output that can't be written
    unreachable = 3,  // the service could not be reached, or did not finish in time
    interrupted = 130,
};

}  // namespace bluebatch::cli
