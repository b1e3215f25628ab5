#include "client/cli/run/program.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace bluebatch::cli {

namespace {

constexpr std::array kHandedOn{SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT};
constexpr int kNotFound = 127;
constexpr int kNotStarted = 126;
constexpr int kSignalBase = 128;

sigset_t handed_on() {
    sigset_t set;
    ::sigemptyset(&set);
    for (int const signal : kHandedOn)
        ::sigaddset(&set, signal);
    return set;
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

class Attributes {
public:
    Attributes() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t none;
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        sigset_t ignored;
        ::sigemptyset(&ignored);
        ::sigaddset(&ignored, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes_, &ignored);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(Attributes const&) = delete;
    Attributes& operator=(Attributes const&) = delete;
    posix_spawnattr_t const* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// What a terminal sends reaches its whole process group, the program too.
bool is_from_terminal(signalfd_siginfo const& caught) {
    bool const is_key =
        caught.ssi_signo == SIGINT || caught.ssi_signo == SIGQUIT || caught.ssi_signo == SIGWINCH;
    return is_key && caught.ssi_code == SI_KERNEL;
}

void hand_on(int signals, pid_t program) {
    signalfd_siginfo caught{};
    if (::read(signals, &caught, sizeof caught) != sizeof caught || is_from_terminal(caught)) return;
    ::kill(program, static_cast<int>(caught.ssi_signo));
}

int wait_for(pid_t program) {
    auto const set = handed_on();
    Descriptor const signals(::signalfd(-1, &set, SFD_CLOEXEC));
    Descriptor const end(static_cast<int>(::syscall(SYS_pidfd_open, program, 0)));
    for (;;) {
        std::array<pollfd, 2> wanted{{{end.number(), POLLIN, 0}, {signals.number(), POLLIN, 0}}};
        if (::poll(wanted.data(), wanted.size(), -1) < 0) continue;
        if (wanted[0].revents != 0) break;
        if (wanted[1].revents != 0) hand_on(signals.number(), program);
    }
    int status = 0;
    while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace

void block_handed_on_signals() {
    auto const set = handed_on();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProgramEnd run_program(std::vector<std::string> const& words, Variables const& variables) {
    block_handed_on_signals();
    auto arguments = words;
    auto lines = to_lines(variables);
    Attributes const attributes;
    pid_t program = -1;
    int const error = ::posix_spawnp(
        &program,
        words.front().c_str(),
        nullptr,
        attributes.get(),
        pointers_to(arguments).data(),
        pointers_to(lines).data()
    );
    if (error == ENOENT) return {kNotFound, fmt::format("{}: there is no such program.", words.front())};
    if (error != 0) return {kNotStarted, fmt::format("{}: {}.", words.front(), std::strerror(error))};
    return {wait_for(program), {}};
}

}  // namespace bluebatch::cli
