#pragma once

#include "client/cli/commands/context.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>

namespace bluebatch::cli {

// A task that is looked at until it ends. Tasks that wait stay active for ever once their job has ended, so
// the job is looked at with them.
class TaskWatch {
public:
    TaskWatch(CommandContext const& context, std::string job, std::string id)
        : context_(context), job_(std::move(job)), id_(std::move(id)) {}

    // Its document. Fails when it will never end.
    Outcome<nlohmann::json> look();

private:
    Failure lost(client::ApiError const& error) const;
    Failure job_has_ended(std::string const& how) const;

    CommandContext const& context_;
    std::string job_;
    std::string id_;
    bool was_there_ = false;
};

}  // namespace bluebatch::cli
