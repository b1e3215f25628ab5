#include "emulator/app/emulator.hpp"
#include "emulator/app/local_authority.hpp"
#include "emulator/app/location.hpp"
#include "emulator/app/options.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace {

namespace app = bluebatch::emulator::app;

// Blocked in every thread, so that only the main thread's sigwait takes them.
sigset_t block_end_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (int const signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

// Connections and the blocks of a large blob each hold a file open; the usual soft limit of 1,024 is for
// programs that use select().
void allow_many_open_files() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// The end is orderly when nothing hangs; state is on disk in either case. After this many seconds it is the
// end.
constexpr unsigned kEndsWithin = 4;

void end_in_any_case() {
    std::signal(SIGALRM, [](int) { _exit(0); });
    alarm(kEndsWithin);
}

void announce(app::Endpoints const& endpoints) {
    fmt::print(
        "Blob service is successfully listening at {}\n", endpoints.blob.substr(0, endpoints.blob.rfind('/'))
    );
    fmt::print("Batch service is successfully listening at {}\n", endpoints.batch);
    std::fflush(stdout);
}

// Works beside a running emulator of that location, too.
int show_authority(app::Options const& options) {
    if (options.in_memory)
        throw std::runtime_error(
            "an emulator with --in-memory has an authority of its own while it runs: see \"ca\" in its "
            "endpoints file, or GET /_bluebatch/ca.pem"
        );
    bluebatch::base::log::configure(options.log_level, options.log_format);
    app::make_folder(options.location);
    auto const now = bluebatch::base::SystemClock().now();
    auto const found = app::open_authority(options.location, options.host, now, app::Renewal::never);
    if (options.prints_pem)
        fmt::print("{}", found.authority.certificate_pem());
    else
        fmt::print("{}\n", std::filesystem::absolute(found.certificate).string());
    return 0;
}

int run(app::Options const& options) {
    sigset_t const signals = block_end_signals();
    allow_many_open_files();
    bluebatch::base::log::configure(options.log_level, options.log_format);
    app::Emulator const emulator(options);
    announce(emulator.endpoints());
    std::jthread const sweeper(app::remove_abandoned_locations);
    int signal = 0;
    sigwait(&signals, &signal);
    end_in_any_case();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    auto const parsed = app::parse_options(argc, argv);
    if (auto const* exit = std::get_if<app::Exit>(&parsed)) return exit->status;
    std::signal(SIGXFSZ, SIG_IGN);  // a write beyond `ulimit -f` fails like one on a full disk
    try {
        auto const& options = std::get<app::Options>(parsed);
        return options.command == app::Command::show_authority ? show_authority(options) : run(options);
    } catch (std::exception const& error) {
        fmt::print(stderr, "bluebatch-emulator: {}\n", error.what());
        return 1;
    }
}
