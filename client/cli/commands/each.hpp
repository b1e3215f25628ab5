#pragma once

#include "client/cli/commands/context.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::cli {

// The same done to each of several names: one that fails does not keep the others from it.
class Each {
public:
    // `done` is the member of the JSON document that lists what was done, as "deleted".
    Each(CommandContext const& context, std::vector<std::string> names, std::string_view done)
        : context_(context), names_(std::move(names)), done_(done) {}

    // To all that nothing has failed for so far; may be called for several steps. `line` says to people what
    // was done to one.
    using Step = std::function<Outcome<void>(std::string const& name)>;
    void carry_out(Step const& step);
    void carry_out(Step const& step, std::function<std::string(std::string const& name)> const& line);

    // Says in JSON what was done and what was not. The status is that of the first failure.
    ExitStatus finish() const;

private:
    void fail(std::string const& name, Failure const& failure);

    CommandContext const& context_;
    std::vector<std::string> names_;
    std::string_view done_;
    std::vector<std::pair<std::string, std::string>> failed_;  // names, and why
    std::optional<ExitStatus> status_;
};

}  // namespace bluebatch::cli
