#include "client/cli/run/program.hpp"

#include "shared/base/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

namespace bluebatch::cli {

namespace {

constexpr std::array kHandedOn{SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT};
constexpr int kNotFound = 127;
constexpr int kNotStarted = 126;
constexpr int kSignalBase = 128;

// Those, and the one that tells of the program's end.
sigset_t awaited() {
    sigset_t set;
    ::sigemptyset(&set);
    for (int const signal : kHandedOn)
        ::sigaddset(&set, signal);
    ::sigaddset(&set, SIGCHLD);
    return set;
}

std::set<int> open_descriptors() {
    std::set<int> numbers;
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
         it.increment(error))
        if (auto const number = base::parse_number<int>(it->path().filename().string()))
            numbers.insert(*number);
    return numbers;
}

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
bool is_from_terminal(siginfo_t const& caught) {
    bool const is_key =
        caught.si_signo == SIGINT || caught.si_signo == SIGQUIT || caught.si_signo == SIGWINCH;
    return is_key && caught.si_code == SI_KERNEL;
}

// Nothing while it runs.
std::optional<int> find_end(pid_t program) {
    int status = 0;
    pid_t const ended = ::waitpid(program, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
    if (ended < 0) return kNotStarted;  // somebody else has asked for it
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

int wait_for(pid_t program) {
    auto const set = awaited();
    for (;;) {
        // A signal that came before is still pending, so none is missed.
        if (auto const status = find_end(program)) return *status;
        siginfo_t caught{};
        int const signal = ::sigwaitinfo(&set, &caught);
        if (signal > 0 && signal != SIGCHLD && !is_from_terminal(caught)) ::kill(program, signal);
    }
}

// What the program may keep: what this process was given itself.
void close_on_start_all_but(std::set<int> const& kept) {
    for (int const descriptor : open_descriptors()) {
        if (kept.contains(descriptor)) continue;
        int const flags = ::fcntl(descriptor, F_GETFD);
        if (flags >= 0) ::fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
    }
}

}  // namespace

ProgramSurroundings::ProgramSurroundings() : given_(open_descriptors()) {
    // Where it was ignored, the end of a program would be nobody's to learn.
    ::signal(SIGCHLD, SIG_DFL);
    auto const set = awaited();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProgramEnd ProgramSurroundings::run(std::vector<std::string> const& words, Variables const& variables) const {
    close_on_start_all_but(given_);
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
