#include "client/cli/commands/run.hpp"
#include "client/cli/connection.hpp"
#include "client/cli/console.hpp"
#include "client/cli/doctor/doctor.hpp"
#include "client/cli/environment.hpp"
#include "client/cli/interrupt.hpp"
#include "client/cli/parse.hpp"
#include "client/cli/run/program.hpp"
#include "client/cli/run/run.hpp"
#include "client/cli/transcode/transcode.hpp"
#include "shared/base/log.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/ioctl.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

namespace base = bluebatch::base;
namespace cli = bluebatch::cli;
namespace client = bluebatch::client;

unsigned terminal_width() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// With no events asked for, a poll tells only of the end of a pipe or terminal.
bool has_reader() {
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) <= 0;
}

cli::ConsoleStreams make_streams(cli::LineReader& input) {
    bool const err_is_terminal = ::isatty(STDERR_FILENO) == 1;
    char const* terminal = std::getenv("TERM");
    bool const colours =
        err_is_terminal && !std::getenv("NO_COLOR") && terminal && std::string_view(terminal) != "dumb";
    return {
        .out = std::cout,
        .err = std::cerr,
        .in = input,
        .out_device = ::isatty(STDOUT_FILENO) == 1 ? cli::Device::terminal : cli::Device::plain,
        .err_device = err_is_terminal ? cli::Device::terminal : cli::Device::plain,
        .colours = colours,
        .in_device = ::isatty(STDIN_FILENO) == 1 ? cli::Device::terminal : cli::Device::plain,
        .width = &terminal_width,
        .has_reader = &has_reader,
    };
}

// `farewell` is said at the first Ctrl-C.
template <class Options>
cli::ExitStatus run_command(Options const& options, cli::OutputForm form, std::string_view farewell) {
    cli::DescriptorLineReader input(STDIN_FILENO);
    cli::Console console(make_streams(input), form);
    cli::Interrupt const interrupt([&console, farewell] {
        if (!farewell.empty()) console.note(farewell);
    });
    base::SystemClock const clock;
    base::SystemRandom random;
    client::SystemWaiter waiter;
    cli::World const world{
        .clock = clock,
        .random = random,
        .waiter = waiter,
        .environment = cli::process_environment(),
        .console = console,
        .stop = interrupt.token(),
    };
    return cli::run(options, world);
}

// What the program ends with is handed on, whatever it is. Once it runs, signals are the program's.
cli::ExitStatus run_program(cli::RunOptions const& options) {
    cli::ProgramSurroundings const surroundings;
    std::optional<cli::Interrupt> interrupt;
    interrupt.emplace([] {});
    cli::DescriptorLineReader input(STDIN_FILENO);
    cli::Console console(make_streams(input), cli::OutputForm::json);
    base::SystemClock const clock;
    base::SystemRandom random;
    client::SystemWaiter waiter;
    cli::World const world{
        .clock = clock,
        .random = random,
        .waiter = waiter,
        .environment = cli::process_environment(),
        .console = console,
        .stop = interrupt->token(),
    };
    auto const hand_over = [&interrupt] { interrupt.reset(); };
    return static_cast<cli::ExitStatus>(cli::run_on_emulator(options, world, surroundings, hand_over));
}

struct RunCommand {
    cli::ExitStatus operator()(cli::ShowText const& show) const {
        std::cout << show.text;
        return cli::ExitStatus::success;
    }
    cli::ExitStatus operator()(cli::UsageError const& error) const {
        std::cerr << "bluebatch: " << error.message << '\n';
        return cli::ExitStatus::usage;
    }
    cli::ExitStatus operator()(cli::TranscodeOptions const& options) const {
        return run_command(options, options.form, "Stopping. A second Ctrl-C leaves at once.");
    }
    cli::ExitStatus operator()(cli::RowCommand const& command) const {
        return run_command(command, command.form, {});
    }
    cli::ExitStatus operator()(cli::DoctorOptions const& options) const {
        return run_command(options, options.form, {});
    }
    cli::ExitStatus operator()(cli::RunOptions const& options) const { return run_program(options); }
};

// What did not get out must not look like success to a script.
cli::ExitStatus check_output(cli::ExitStatus status) {
    std::cout.flush();
    if (std::cout.good()) return status;
    std::cerr << "bluebatch: standard output could not be written, so what was said there is incomplete.\n";
    return status == cli::ExitStatus::success ? cli::ExitStatus::usage : status;
}

}  // namespace

int main(int count, char** values) {
    ::signal(SIGPIPE, SIG_IGN);
    base::log::configure(base::log::Level::warning, base::log::Format::text);
    try {
        std::vector<std::string> const arguments(values + 1, values + count);
        auto const status = std::visit(RunCommand{}, cli::parse_command_line(arguments));
        return static_cast<int>(check_output(status));
    } catch (std::exception const& error) {
        std::cerr << "bluebatch: " << error.what() << '\n';
        return static_cast<int>(cli::ExitStatus::unreachable);
    }
}
