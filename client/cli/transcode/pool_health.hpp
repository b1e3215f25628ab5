#pragma once

#include "client/cli/transcode/run_context.hpp"

#include <set>
#include <string>

namespace bluebatch::cli::transcode {

// Looks at the pool when no task gets done: says what is wrong once, and fails when waiting is in vain.
class PoolHealth {
public:
    explicit PoolHealth(RunContext const& context) : context_(context) {}
    Outcome<void> check();

private:
    void tell(std::string const& text);
    Outcome<void> look_at_nodes(client::Pool const& pool);

    RunContext const& context_;
    std::set<std::string> told_;
};

}  // namespace bluebatch::cli::transcode
