#pragma once

#include "shared/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace bluebatch::client {

struct ProgramOutput {
    int exit_code = 0;  // 128 and the number of the signal that ended it
    std::string output;
    std::string errors;
};

enum class ProgramFault : std::uint8_t { not_found, timed_out, too_much_output, stopped, failed };

struct ProgramError {
    ProgramFault fault = ProgramFault::failed;
    std::string message;
};

[[noreturn]] void throw_exception_from_error(ProgramError const& error, boost::source_location const&);

// Starts a program of PATH with these words, without a shell and with nothing to read, and waits for its end.
// Whatever it started goes with it when it takes too long.
base::Result<ProgramOutput, ProgramError> run_program(
    std::vector<std::string> const& words, std::chrono::milliseconds timeout, std::stop_token stop
);

// The same by whoever stands in for it.
using ProgramRunner = std::function<base::Result<ProgramOutput, ProgramError>(
    std::vector<std::string> const& words, std::chrono::milliseconds timeout, std::stop_token stop
)>;

}  // namespace bluebatch::client
