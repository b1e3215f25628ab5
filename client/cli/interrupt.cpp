#include "client/cli/interrupt.hpp"

#include "client/cli/exit_status.hpp"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace bluebatch::cli {
namespace {

// As under nohup. A signal that is blocked would be seen all the same.
bool is_ignored(int number) {
    struct sigaction action {};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupt::Interrupt(std::function<void()> on_first) : on_first_(std::move(on_first)) {
    sigset_t watched;
    ::sigemptyset(&watched);
    ::sigaddset(&watched, SIGINT);
    ::sigaddset(&watched, SIGTERM);
    if (!is_ignored(SIGHUP)) ::sigaddset(&watched, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);
    signals_ = ::signalfd(-1, &watched, SFD_CLOEXEC);
    finished_ = ::eventfd(0, EFD_CLOEXEC);
    if (signals_ < 0 || finished_ < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot watch signals");
    }
    thread_ = std::thread([this] { watch(); });
}

Interrupt::~Interrupt() {
    ::eventfd_write(finished_, 1);
    thread_.join();
    ::close(signals_);
    ::close(finished_);
}

void Interrupt::watch() {
    for (;;) {
        std::array<pollfd, 2> wanted{{{signals_, POLLIN, 0}, {finished_, POLLIN, 0}}};
        if (::poll(wanted.data(), wanted.size(), -1) < 0) continue;
        if (wanted[1].revents != 0) return;
        signalfd_siginfo caught{};
        if (::read(signals_, &caught, sizeof caught) != sizeof caught) continue;
        if (source_.stop_requested()) {
            if (caught.ssi_signo == SIGHUP) continue;
            ::_exit(static_cast<int>(ExitStatus::interrupted));
        }
        on_first_();
        source_.request_stop();
    }
}

}  // namespace bluebatch::cli
