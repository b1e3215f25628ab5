#include "emulator/media/program/worker.hpp"

#include "emulator/ffmpeg/job_message.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <poll.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace bluebatch::emulator::media::program {
namespace {

using base::UniqueDescriptor;
using ffmpeg::JobKind;
using ffmpeg::JobMessage;
using ffmpeg::ReceivedJob;
using ffmpeg::ReplyKind;

struct RunningJob {
    pid_t pid = 0;
    UniqueDescriptor reply;
};

struct Arguments {
    explicit Arguments(JobMessage const& message) {
        for (std::string const& argument : message.arguments)
            pointers.push_back(argument.c_str());
    }
    std::vector<char const*> pointers;
};

BluebatchMediaJob describe(
    JobMessage const& message, Arguments const& arguments, BluebatchSurroundings surroundings
) {
    return {
        .arguments = arguments.pointers.data(),
        .argument_count = arguments.pointers.size(),
        .working_directory = message.working_directory.c_str(),
        .stdout_descriptor = STDOUT_FILENO,
        .stderr_descriptor = STDERR_FILENO,
        .surroundings = surroundings,
        .stop_request = nullptr,
        .stop_context = nullptr};
}

// In the child: becomes the job.
[[noreturn]] void run_job(ReceivedJob const& job, pid_t worker, BluebatchMediaFunctions const& functions) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != worker) ::_exit(1);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(job.standard_output.get(), STDOUT_FILENO);
    ::dup2(job.standard_error.get(), STDERR_FILENO);
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    if (::chdir(job.message.working_directory.c_str()) != 0) {
        std::fprintf(stderr, "%s: %s\n", job.message.working_directory.c_str(), std::strerror(errno));
        ::_exit(1);
    }
    Arguments const arguments(job.message);
    BluebatchMediaJob const media_job = describe(job.message, arguments, kBluebatchOwn);
    ::_exit(functions.ffmpeg(&media_job));
}

class Server {
public:
    Server(int control, UniqueDescriptor child_signals, BluebatchMediaFunctions const& functions)
        : control_(control), child_signals_(std::move(child_signals)), functions_(functions) {}

    void serve() {
        while (!ended_) {
            std::vector<pollfd> waiting{
                {.fd = control_, .events = POLLIN, .revents = 0},
                {.fd = child_signals_.get(), .events = POLLIN, .revents = 0}};
            for (RunningJob const& job : jobs_)
                waiting.push_back({.fd = job.reply.get(), .events = POLLIN, .revents = 0});
            if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
            // A job whose other end closed is cancelled; its child is reaped like any other.
            for (std::size_t i = 0; i < jobs_.size(); ++i)
                if (waiting[i + 2].revents != 0) ::kill(jobs_[i].pid, SIGKILL);
            if (waiting[1].revents != 0) reap();
            if (waiting[0].revents != 0) take();
        }
        for (RunningJob const& job : jobs_)
            ::kill(job.pid, SIGKILL);
    }

private:
    void take() {
        auto job = ffmpeg::receive_job(control_);
        if (!job) {
            ended_ = true;
            return;
        }
        if (job->message.kind == JobKind::check) {
            check(*job);
            return;
        }
        ffmpeg::send_reply(job->reply.get(), {.kind = ReplyKind::started, .status = 0, .text = {}});
        pid_t const worker = ::getpid();
        pid_t const pid = ::fork();
        if (pid == 0) run_job(*job, worker, functions_);
        if (pid < 0)
            ffmpeg::send_reply(job->reply.get(), {.kind = ReplyKind::done, .status = 1, .text = {}});
        else
            jobs_.push_back({pid, std::move(job->reply)});
    }

    void check(ReceivedJob const& job) {
        Arguments const arguments(job.message);
        BluebatchMediaJob const media_job = describe(job.message, arguments, kBluebatchOwn);
        std::array<char, 256> option{};
        int const found = functions_.ffmpeg_unsupported(&media_job, option.data(), option.size());
        ffmpeg::send_reply(
            job.reply.get(), {.kind = ReplyKind::done, .status = found, .text = option.data()}
        );
    }

    void reap() {
        signalfd_siginfo info{};
        while (::read(child_signals_.get(), &info, sizeof info) == sizeof info)
            continue;
        int status = 0;
        pid_t pid = 0;
        while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
            for (auto job = jobs_.begin(); job != jobs_.end(); ++job) {
                if (job->pid != pid) continue;
                int const code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
                ffmpeg::send_reply(job->reply.get(), {.kind = ReplyKind::done, .status = code, .text = {}});
                jobs_.erase(job);
                break;
            }
        }
    }

    int const control_;
    UniqueDescriptor child_signals_;
    BluebatchMediaFunctions const& functions_;
    std::vector<RunningJob> jobs_;
    bool ended_ = false;
};

}  // namespace

int serve_jobs(int control, BluebatchMediaFunctions const& functions) {
    // Nothing of the emulator's but this socket and the standard streams is kept open.
    ::close_range(static_cast<unsigned>(control) + 1, ~0U, 0);
    // A Ctrl+C at the emulator's terminal is the emulator's to handle.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child, nullptr);
    UniqueDescriptor child_signals(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    Server(control, std::move(child_signals), functions).serve();
    return 0;
}

}  // namespace bluebatch::emulator::media::program
