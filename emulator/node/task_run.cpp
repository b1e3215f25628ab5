#include "emulator/node/task_run.hpp"

#include "emulator/node/output_files.hpp"
#include "shared/base/log.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>

#include <cerrno>
#include <exception>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

using domain::FailureInfo;

FailureInfo directory_failure(std::error_code error) {
    bool const full = error == std::errc::no_space_on_device;
    return {
        domain::ErrorCategory::server_error,
        full ? "DiskFull" : "ResourceDirectoryCreateFailed",
        full ? "There is not enough disk space on the node" : "The task's directory could not be made",
        {{"Message", error.message()}},
    };
}

enum class Earlier : std::uint8_t { dropped, kept };  // what stands in the file

base::UniqueDescriptor open_file(std::filesystem::path const& file, Earlier earlier) {
    constexpr int kMode = 0644;
    int const truncate = earlier == Earlier::dropped ? O_TRUNC : 0;
    return base::UniqueDescriptor(
        ::open(file.c_str(), O_WRONLY | O_CREAT | truncate | O_APPEND | O_CLOEXEC, kMode)
    );
}

class TaskRun {
public:
    TaskRun(domain::RunCommand const& command, RunStop const& stop, RunSurroundings const& surroundings)
        : command_(command),
          stop_(stop),
          surroundings_(surroundings),
          directories_(surroundings.files.directories_of(command)) {}

    // Fills in what became of it; returns early at the first phase that fails or is stopped.
    void perform(domain::RunReport& report) {
        if (was_stopped(report)) return;
        report.failure = prepare();
        if (was_stopped(report) || report.failure) return;
        execute(report);
        if (was_stopped(report) || !report.exit_code || coordinates()) return;
        auto upload_failure = upload_output_files(
            surroundings_.blobs,
            surroundings_.identities,
            command_.specification.output_files,
            *report.exit_code,
            directories_,
            environment_,
            stop_.token()
        );
        if (was_stopped(report)) return;
        if (!report.failure) report.failure = std::move(upload_failure);
    }

    ProcessGroup take_left_behind() { return std::move(left_behind_); }

private:
    bool coordinates() const { return command_.kind == domain::RunKind::coordination; }
    // The primary goes on where it has coordinated. Batch: MI-3
    bool follows_coordination() const { return command_.instance && !coordinates(); }

    bool was_stopped(domain::RunReport& report) const {
        if (!stop_.is_requested()) return false;
        report.stopped = stop_.reason();
        report.failure.reset();
        report.retryable = false;
        return true;
    }

    std::optional<FailureInfo> prepare() {
        auto const error = follows_coordination() ? NodeFiles::keep(directories_)
                                                  : surroundings_.files.prepare(directories_);
        if (error) return directory_failure(error);
        Environment given = surroundings_.packages.variables_of(directories_.node);
        auto failure = surroundings_.packages.install(
            directories_.node, command_.specification.application_packages, stop_.token(), given
        );
        if (failure) return failure;
        if (command_.specification.opens_job) {
            token_.emplace(surroundings_.tokens, command_.job_id);
            given["AZ_BATCH_AUTHENTICATION_TOKEN"] = token_->text();
        }
        auto environment =
            make_environment(surroundings_.inherited, surroundings_.identity, command_, directories_, given);
        if (!environment) {
            return FailureInfo{
                domain::ErrorCategory::user_error, "CommandLaunchFailed", environment.error().message, {}};
        }
        environment_ = std::move(*environment);
        failure = surroundings_.containers.prepare(command_, directories_, stop_.token());
        if (failure) return failure;
        auto const& specification = command_.specification;
        // Batch: RES-9
        return fetch_resource_files(
            surroundings_.blobs,
            surroundings_.auto_storage,
            surroundings_.identities,
            coordinates() ? specification.coordination->common_resource_files : specification.resource_files,
            coordinates() ? directories_.task : directories_.working(),
            stop_.token()
        );
    }

    void execute(domain::RunReport& report) {
        // What the coordination command left running may still write there.
        auto const earlier = follows_coordination() ? Earlier::kept : Earlier::dropped;
        base::UniqueDescriptor const out = open_file(directories_.task / "stdout.txt", earlier);
        base::UniqueDescriptor const err = open_file(directories_.task / "stderr.txt", earlier);
        if (!out || !err) {
            report.failure = directory_failure({errno, std::generic_category()});
            return;
        }
        CommandOutcome outcome = run_command({out.get(), err.get()});
        if (outcome.exit_code == 0) left_behind_ = std::move(outcome.left_behind);
        report.exit_code = outcome.exit_code;
        report.failure = std::move(outcome.failure);
        if (report.exit_code.value_or(0) == 0) return;
        report.failure = domain::failure_exit_code();
        report.retryable = true;
    }

    CommandOutcome run_command(CommandFiles files) {
        if (command_.specification.container)
            return surroundings_.containers.run(
                command_, directories_, environment_, files, surroundings_.meter, stop_.token()
            );
        return surroundings_.commands.run(
            coordinates() ? command_.specification.coordination->command_line
                          : command_.specification.command_line,
            environment_,
            directories_.working(),
            files,
            surroundings_.meter,
            stop_.token(),
            coordinates() ? Children::left : Children::ended
        );
    }

    domain::RunCommand const& command_;
    RunStop const& stop_;
    RunSurroundings const& surroundings_;
    RunDirectories directories_;
    Environment environment_;
    ProcessGroup left_behind_;
    std::optional<domain::TaskToken> token_;  // for as long as the run lasts
};

}  // namespace

RunEnd run_task(domain::RunCommand const& command, RunStop const& stop, RunSurroundings const& surroundings) {
    RunEnd end;
    domain::RunReport& report = end.report;
    report.run = command.run;
    report.start_time = surroundings.clock.now();
    try {
        TaskRun run(command, stop, surroundings);
        run.perform(report);
        end.left_behind = run.take_left_behind();
    } catch (std::exception const& error) {
        base::log::error("node {}: {}", command.node_id, error.what());
        report.exit_code.reset();
        report.retryable = false;
        report.failure = FailureInfo{domain::ErrorCategory::server_error, "Unknown", error.what(), {}};
    }
    report.end_time = surroundings.clock.now();
    return end;
}

}  // namespace bluebatch::emulator::node
