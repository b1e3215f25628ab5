#include "client/cli/commands/each.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::cli {

void Each::carry_out(Step const& step) {
    carry_out(step, {});
}

void Each::carry_out(Step const& step, std::function<std::string(std::string const& name)> const& line) {
    for (auto const& name : std::exchange(names_, {})) {
        bool const is_stopped = context_.world.stop.stop_requested();
        auto const done =
            is_stopped ? Outcome<void>(Failure{ExitStatus::interrupted, "Interrupted."}) : step(name);
        if (!done) {
            fail(name, done.error());
            continue;
        }
        names_.push_back(name);
        if (line && !context_.wants_json()) context_.console().line(printable(line(name)));
    }
}

void Each::fail(std::string const& name, Failure const& failure) {
    bool const is_stopped = context_.world.stop.stop_requested();
    context_.console().clear_status();
    if (!is_stopped) context_.console().error(printable_lines(failure.message));
    failed_.emplace_back(name, failure.message);
    if (!status_) status_ = is_stopped ? ExitStatus::interrupted : failure.status;
}

ExitStatus Each::finish() const {
    if (context_.wants_json()) {
        auto failed = nlohmann::json::array();
        for (auto const& [name, why] : failed_)
            failed.push_back({{"name", name}, {"error", why}});
        context_.print({{std::string(done_), names_}, {"failed", std::move(failed)}});
    }
    return status_.value_or(ExitStatus::success);
}

}  // namespace bluebatch::cli
