#include "client/api/program_output.hpp"

#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

namespace bluebatch::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = 1 << 20;
constexpr int kSignalBase = 128;
constexpr std::chrono::milliseconds kLongestLook{100};

struct Pipe {
    base::UniqueDescriptor reader;
    base::UniqueDescriptor writer;
};

Pipe make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
    // The end that is ours: what there is, is read without a wait for more.
    if (ends[0] >= 0) ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {base::UniqueDescriptor(ends[0]), base::UniqueDescriptor(ends[1])};
}

// What the child is given: our pipes, a group of its own, and signals as a program expects them.
class Launch {
public:
    Launch(int output, int errors) {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files_, errors, STDERR_FILENO);
        ::posix_spawnattr_init(&attributes_);
        sigset_t broken_pipe, none;
        ::sigemptyset(&none);
        ::sigemptyset(&broken_pipe);
        ::sigaddset(&broken_pipe, SIGPIPE);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &broken_pipe);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        );
    }
    ~Launch() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Launch(Launch const&) = delete;
    Launch& operator=(Launch const&) = delete;

    // An errno, or 0.
    int start(pid_t& pid, std::vector<char*> const& words) {
        return ::posix_spawnp(&pid, words.front(), &files_, &attributes_, words.data(), environ);
    }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

// A running child with its group: ended, at the latest, when this goes.
class Child {
public:
    explicit Child(pid_t pid) : pid_(pid), watch_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
    ~Child() {
        if (pid_ < 0) return;
        ::kill(-pid_, SIGKILL);
        wait();
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    // Becomes readable at its end; below zero where the kernel does not know how.
    int watch() const { return watch_.get(); }
    bool has_ended() const {
        siginfo_t info{};
        ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
        return info.si_pid == pid_;
    }

    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
    }

private:
    pid_t pid_;
    base::UniqueDescriptor watch_;
};

// False at the end, and when nothing more is there yet.
bool read_some(base::UniqueDescriptor& from, std::string& into) {
    std::array<char, 4096> piece;
    auto const count = ::read(from.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) return true;
    if (count < 0 && errno == EAGAIN) return false;
    if (count <= 0) {
        from.close();
        return false;
    }
    into.append(piece.data(), static_cast<std::size_t>(count));
    return true;
}

ProgramError failed(std::string_view program, int error) {
    auto const fault = error == ENOENT ? ProgramFault::not_found : ProgramFault::failed;
    return {fault, fmt::format("{} can't be started: {}", program, std::strerror(error))};
}

std::optional<ProgramError> check_size(ProgramOutput const& output) {
    if (output.output.size() + output.errors.size() <= kMostOutput) return std::nullopt;
    return ProgramError{ProgramFault::too_much_output, "it does not end its output"};
}

// Until the program ends, whatever becomes of the pipes: it may close them before, and leave them to others.
base::Result<void, ProgramError> read_all(
    Child const& child,
    Pipe& output,
    Pipe& errors,
    ProgramOutput& into,
    std::chrono::milliseconds timeout,
    std::stop_token const& stop
) {
    base::UniqueDescriptor const waker(::eventfd(0, EFD_CLOEXEC));
    std::stop_callback const wake(stop, [&waker] { ::eventfd_write(waker.get(), 1); });
    auto const deadline = Clock::now() + timeout;
    while (!child.has_ended()) {
        if (stop.stop_requested()) return ProgramError{ProgramFault::stopped, "stopped"};
        auto const now = Clock::now();
        if (now >= deadline) {
            return ProgramError{
                ProgramFault::timed_out,
                fmt::format("no end within {} s", std::chrono::ceil<std::chrono::seconds>(timeout).count())};
        }
        auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
        if (child.watch() < 0) left = std::min(left, kLongestLook);
        // Descriptors below zero are passed over.
        std::array<pollfd, 4> events{
            {{output.reader.get(), POLLIN, 0},
             {errors.reader.get(), POLLIN, 0},
             {waker.get(), POLLIN, 0},
             {child.watch(), POLLIN, 0}}};
        ::poll(events.data(), events.size(), static_cast<int>(left.count()));
        if (events[0].revents != 0) read_some(output.reader, into.output);
        if (events[1].revents != 0) read_some(errors.reader, into.errors);
        if (auto const error = check_size(into)) return *error;
    }
    for (auto const& [pipe, text] : {std::pair(&output, &into.output), std::pair(&errors, &into.errors)}) {
        while (pipe->reader.get() >= 0 && read_some(pipe->reader, *text)) {
            if (auto const error = check_size(into)) return *error;
        }
    }
    return {};
}

}  // namespace

void throw_exception_from_error(ProgramError const& error, boost::source_location const&) {
    throw std::logic_error("unchecked failure: " + error.message);
}

base::Result<ProgramOutput, ProgramError> run_program(
    std::vector<std::string> const& words, std::chrono::milliseconds timeout, std::stop_token stop
) {
    auto output = make_pipe(), errors = make_pipe();
    if (output.reader.get() < 0 || errors.reader.get() < 0) return failed(words.front(), errno);
    auto copies = words;
    std::vector<char*> arguments;
    for (auto& word : copies)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t pid = -1;
    if (auto const error = Launch(output.writer.get(), errors.writer.get()).start(pid, arguments))
        return failed(words.front(), error);
    Child child(pid);
    output.writer.close();
    errors.writer.close();
    ProgramOutput result;
    auto const read = read_all(child, output, errors, result, timeout, stop);
    if (!read) return read.error();
    result.exit_code = child.wait();
    return result;
}

}  // namespace bluebatch::client
