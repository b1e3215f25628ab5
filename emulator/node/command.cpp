#include "emulator/node/command.hpp"

#include "emulator/ffmpeg/command.hpp"
#include "emulator/ffmpeg/package_installation.hpp"
#include "emulator/node/process.hpp"
#include "shared/base/file_io.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

CommandOutcome never_started(std::string code, std::string message) {
    return {
        std::nullopt,
        domain::FailureInfo{domain::ErrorCategory::user_error, std::move(code), std::move(message), {}}};
}

CommandOutcome program_not_found(std::string const& program) {
    CommandOutcome outcome =
        never_started("CommandProgramNotFound", "The specified command program is not found");
    outcome.failure->details.push_back({"Program", program});
    return outcome;
}

CommandOutcome launch_failed(std::string const& program, int error) {
    CommandOutcome outcome =
        never_started("CommandLaunchFailed", "Failed to launch the specified command line");
    outcome.failure->details.push_back({"Program", program});
    outcome.failure->details.push_back({"Message", std::generic_category().message(error)});
    return outcome;
}

CommandOutcome run_program(
    fs::path program,
    std::vector<std::string> arguments,
    Environment const& environment,
    fs::path const& working_directory,
    CommandFiles files,
    UseMeter::Run& meter,
    std::stop_token stop,
    Children children
) {
    std::string const name = arguments.front();
    ProcessSpecification specification{
        std::move(program),
        std::move(arguments),
        environment,
        working_directory,
        files.stdout_descriptor,
        files.stderr_descriptor,
        &meter,
    };
    ProcessOutcome outcome = run_process(specification, stop, children);
    if (outcome.exit_code) return {outcome.exit_code, std::nullopt, std::move(outcome.left_behind)};
    return outcome.launch_error == ENOENT ? program_not_found(name)
                                          : launch_failed(name, outcome.launch_error);
}

std::string const& path_of(Environment const& environment) {
    static std::string const none;
    auto const path = environment.find("PATH");
    return path == environment.end() ? none : path->second;
}

// A pipe or a device can keep a reader waiting where nothing interrupts it; a process can be ended all the
// same.
bool names_special_file(std::vector<std::string> const& arguments, fs::path const& working_directory) {
    return std::ranges::any_of(arguments, [&](std::string const& argument) {
        std::error_code error;
        auto const status = fs::status(working_directory / argument, error);
        return !error && fs::is_other(status);
    });
}

void say_what_was_not_installed(ffmpeg::PackageInstallation const& installation, int descriptor) {
    base::write_all(
        descriptor,
        fmt::format(
            "bluebatch: package installation answered by the emulated image; nothing was installed on this "
            "machine"
            " ({})\n",
            installation.packages.empty() ? "no packages named"
                                          : fmt::format("{}", fmt::join(installation.packages, " "))
        )
    );
}

}  // namespace

CommandOutcome CommandRunner::transcode(
    std::vector<std::string> const& arguments,
    Environment const& environment,
    fs::path const& working_directory,
    CommandFiles files,
    UseMeter::Run& meter,
    std::stop_token stop
) {
    auto const unsupported = transcoder_.unsupported_option(arguments);
    if (!unsupported && !names_special_file(arguments, working_directory)) {
        ffmpeg::TranscodeJob const job{
            arguments, working_directory, files.stdout_descriptor, files.stderr_descriptor};
        meter.thread_begins();
        int const exit_code = transcoder_.run(job, stop);
        meter.thread_ends();
        // What a process would have shown.
        return {stop.stop_requested() ? -SIGKILL : exit_code, std::nullopt};
    }
    // Our front end does what a shared process must not do, and hands on to the machine's own ffmpeg what we
    // do not have.
    auto const program = find_program("ffmpeg", path_of(environment), working_directory);
    if (!program) {
        base::write_all(
            files.stderr_descriptor,
            fmt::format(
                "bluebatch: {} is not supported, and this machine has no ffmpeg of its own\n",
                unsupported.value_or("a pipe or device")
            )
        );
        return {1, std::nullopt};
    }
    std::vector<std::string> all{"ffmpeg"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program(
        *program, std::move(all), environment, working_directory, files, meter, stop, Children::ended
    );
}

CommandOutcome CommandRunner::run(
    std::string const& command_line,
    Environment const& environment,
    fs::path const& working_directory,
    CommandFiles files,
    UseMeter::Run& meter,
    std::stop_token stop,
    Children children
) {
    std::string line = command_line;
    if (auto const installation = ffmpeg::read_package_installation(command_line)) {
        say_what_was_not_installed(*installation, files.stdout_descriptor);
        if (installation->remaining_command_line.empty()) return {0, std::nullopt};
        line = installation->remaining_command_line;
    }
    if (auto const invocation = ffmpeg::recognise(line, environment))
        return transcode(invocation->arguments, environment, working_directory, files, meter, stop);
    auto words = ffmpeg::split_command_line(line);
    if (!words) return never_started("CommandLaunchFailed", "A quote in the command line is not closed");
    if (words->empty()) return never_started("CommandProgramNotFound", "The command line is empty");
    auto program = find_program(words->front(), path_of(environment), working_directory);
    if (!program) return program_not_found(words->front());
    return run_program(
        std::move(*program), std::move(*words), environment, working_directory, files, meter, stop, children
    );
}

}  // namespace bluebatch::emulator::node
