#include "client/cli/commands/run.hpp"

#include "client/cli/commands/context.hpp"

namespace bluebatch::cli {
namespace {

ConnectionRules rules_of(CommandRow const& row) {
    return {
        .services = row.services.value_or(Services::both),
        .absent_emulator = row.services ? AbsentEmulator::refuse : AbsentEmulator::ignore,
        .tell = TellAccounts::no,
    };
}

ExitStatus end(World const& world, Failure const& failure) {
    world.console.clear_status();
    if (world.stop.stop_requested()) return ExitStatus::interrupted;
    world.console.error(printable_lines(failure.message));
    return failure.status;
}

}  // namespace

ExitStatus run(RowCommand const& command, World const& world, Connection& connection) {
    client::CallOptions const calls{.stop = world.stop, .retry = {}};
    CommandContext const context{
        .values = command.values,
        .world = world,
        .connection = connection,
        .form = command.form,
        .batch = connection.batch(calls),
        .blob = connection.blob(calls),
    };
    auto const status = command.row->run(context);
    if (!status) return end(world, status.error());
    return *status;
}

ExitStatus run(RowCommand const& command, World const& world) {
    auto const connection = Connection::open(command.connection, world, rules_of(*command.row));
    if (!connection) return end(world, connection.error());
    return run(command, world, **connection);
}

}  // namespace bluebatch::cli
