#include "emulator/ffmpeg/job_message.hpp"
#include "emulator/ffmpeg/transcoder.hpp"
#include "shared/base/result.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>

extern char** environ;

namespace bluebatch::emulator::ffmpeg {
namespace {

constexpr int kInterrupted = 255;
constexpr int kFailed = 1;

void write_line(int descriptor, std::string const& text) {
    std::string const line = text + "\n";
    [[maybe_unused]] ssize_t const written = ::write(descriptor, line.data(), line.size());
}

struct SocketPair {
    base::UniqueDescriptor ours;
    base::UniqueDescriptor theirs;
};

base::Result<SocketPair> make_socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return base::Failure{fmt::format("cannot make a socket pair: {}", std::strerror(errno))};
    return SocketPair{base::UniqueDescriptor(ends[0]), base::UniqueDescriptor(ends[1])};
}

// The worker process. It ends by itself when its control socket closes, as it does when this process ends.
class Worker {
public:
    static base::Result<std::shared_ptr<Worker>> start(std::filesystem::path const& program);

    Worker(pid_t pid, base::UniqueDescriptor control) : control_(std::move(control)), pid_(pid) {}
    ~Worker() {
        control_.close();
        // It has nothing to clean up, and its children die with it.
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
            continue;
    }
    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;

    bool send(JobMessage const& message, std::array<int, 3> const& descriptors) {
        return send_job(control_.get(), message, descriptors);
    }

private:
    base::UniqueDescriptor control_;
    pid_t const pid_;
};

base::Result<std::shared_ptr<Worker>> Worker::start(std::filesystem::path const& program) {
    auto sockets = make_socket_pair();
    if (!sockets) return sockets.error();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, sockets->theirs.get(), STDERR_FILENO + 1);
    std::string const name = program.string();
    std::array<char const*, 4> const arguments{name.c_str(), "--serve-jobs", "3", nullptr};
    pid_t pid = 0;
    // The parameter is not const for the sake of old C programs; nothing writes to it.
    int const error = ::posix_spawn(
        &pid, name.c_str(), &actions, nullptr, const_cast<char* const*>(arguments.data()), environ
    );
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return base::Failure{fmt::format("cannot start {}: {}", name, std::strerror(error))};
    return std::make_shared<Worker>(pid, std::move(sockets->ours));
}

// What became of a job that was handed over.
enum class Outcome { answered, stopped, refused, lost };
struct Answer {
    Outcome outcome = Outcome::refused;
    JobReply reply;
};

class IsolatedTranscoder final : public Transcoder {
public:
    explicit IsolatedTranscoder(std::filesystem::path program) : program_(std::move(program)) {}

    std::optional<std::string> unsupported_option(std::vector<std::string> const& arguments) override {
        base::UniqueDescriptor const null(::open("/dev/null", O_RDWR | O_CLOEXEC));
        auto const answer = ask({JobKind::check, "/", arguments}, null.get(), null.get(), {});
        if (!answer || answer->outcome != Outcome::answered || answer->reply.status == 0) return std::nullopt;
        return answer->reply.text;
    }

    int run(TranscodeJob const& job, std::stop_token stop) override {
        JobMessage const message{JobKind::convert, job.working_directory.string(), job.arguments};
        auto const answer = ask(message, job.stdout_fd, job.stderr_fd, std::move(stop));
        auto const say = [&job](std::string const& what) {
            write_line(job.stderr_fd, "transcoding failed: " + what);
        };
        if (!answer) {
            say(answer.error().message);
            return kFailed;
        }
        switch (answer->outcome) {
            case Outcome::stopped:
                return kInterrupted;
            case Outcome::answered:
                if (answer->reply.status < 0)
                    say(fmt::format("its process was ended by signal {}", -answer->reply.status));
                return answer->reply.status;
            case Outcome::refused:
                say("the transcoding worker does not take the job");
                return kFailed;
            case Outcome::lost:
                break;
        }
        say("the transcoding worker ended");
        return -SIGKILL;
    }

    void warm_up() override {
        std::lock_guard const lock(mutex_);
        start_if_needed();
    }

private:
    // A worker that died before it took the job is replaced, once.
    base::Result<Answer> ask(
        JobMessage const& message, int standard_output, int standard_error, std::stop_token stop
    ) {
        Answer answer;
        for (int attempt = 0; attempt < 2 && answer.outcome == Outcome::refused; ++attempt) {
            std::shared_ptr<Worker> worker;
            {
                std::lock_guard const lock(mutex_);
                if (auto const started = start_if_needed(); !started) return started.error();
                worker = worker_;
            }
            auto sockets = make_socket_pair();
            if (!sockets) return sockets.error();
            if (worker->send(message, {sockets->theirs.get(), standard_output, standard_error})) {
                // The worker holds the only other end now, so that its death is seen here.
                sockets->theirs.close();
                answer = wait(sockets->ours.get(), stop);
            }
            std::lock_guard const lock(mutex_);
            bool const is_dead = answer.outcome == Outcome::refused || answer.outcome == Outcome::lost;
            if (is_dead && worker_ == worker) worker_.reset();
        }
        return answer;
    }

    // Closing the socket afterwards makes the worker kill a job that still runs.
    static Answer wait(int socket, std::stop_token const& stop) {
        base::UniqueDescriptor const wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        std::stop_callback const on_stop(stop, [&wake] { ::eventfd_write(wake.get(), 1); });
        std::array<pollfd, 2> waiting{
            pollfd{.fd = socket, .events = POLLIN, .revents = 0},
            pollfd{.fd = wake.get(), .events = POLLIN, .revents = 0}};
        Answer answer;
        for (;;) {
            if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
            if (waiting[0].revents == 0) return {Outcome::stopped, {}};
            auto reply = receive_reply(socket);
            if (!reply) return answer;
            if (reply->kind == ReplyKind::done) return {Outcome::answered, std::move(*reply)};
            answer.outcome = Outcome::lost;
        }
    }

    base::Result<void> start_if_needed() {
        if (worker_) return {};
        auto started = Worker::start(program_);
        if (!started) return started.error();
        worker_ = std::move(*started);
        return {};
    }

    std::filesystem::path const program_;
    std::mutex mutex_;
    std::shared_ptr<Worker> worker_;
};

}  // namespace

std::unique_ptr<Transcoder> make_isolated_transcoder(std::filesystem::path ffmpeg_program) {
    return std::make_unique<IsolatedTranscoder>(std::move(ffmpeg_program));
}

}  // namespace bluebatch::emulator::ffmpeg
