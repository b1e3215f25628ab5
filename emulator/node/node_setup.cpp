#include "emulator/node/node_setup.hpp"

#include "shared/base/log.hpp"

#include <exception>

namespace bluebatch::emulator::node {

namespace {

using domain::FailureInfo;

FailureInfo unknown_failure(std::string message) {
    return {domain::ErrorCategory::server_error, "Unknown", std::move(message), {}};
}

std::optional<FailureInfo> set_up(
    domain::RunCommand const& command, RunStop const& stop, RunSurroundings const& surroundings
) {
    auto const node = surroundings.files.directories_of(command).node;
    if (auto const error = NodeFiles::make_node(node)) return unknown_failure(error.message());
    Environment variables;
    auto failure =
        surroundings.packages.install(node, command.setup.application_packages, stop.token(), variables);
    if (!failure) failure = surroundings.containers.set_up(node, command.setup.containers, stop.token());
    if (!failure) surroundings.packages.set_variables_of(node, std::move(variables));
    return failure;
}

}  // namespace

domain::RunReport set_up_node(
    domain::RunCommand const& command, RunStop const& stop, RunSurroundings const& surroundings
) {
    domain::RunReport report;
    report.run = command.run;
    report.start_time = surroundings.clock.now();
    try {
        report.failure = set_up(command, stop, surroundings);
    } catch (std::exception const& error) {
        base::log::error("node {}: {}", command.node_id, error.what());
        report.failure = unknown_failure(error.what());
    }
    if (stop.is_requested()) {
        report.stopped = stop.reason();
        report.failure.reset();
    }
    report.end_time = surroundings.clock.now();
    return report;
}

}  // namespace bluebatch::emulator::node
