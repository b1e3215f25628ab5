#include "client/cli/emulator_process.hpp"

#include "shared/base/temporary_folder.hpp"
#include "shared/base/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

namespace bluebatch::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestStart{30};
constexpr std::chrono::seconds kLongestEnd{6};
constexpr std::chrono::milliseconds kFirstLook{2};
constexpr std::chrono::milliseconds kLongestLook{50};
constexpr std::size_t kLogTail = 2000;

std::string read_text(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(std::vector<char*> const& arguments, int log) {
    // It ends its tasks and removes its files also when the client is killed.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // A Ctrl-C in the terminal is for the client, which still needs the emulator to clean up.
    ::setpgid(0, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    int const nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(arguments.front(), arguments.data());
    constexpr int kCannotExecute = 127;
    ::_exit(kCannotExecute);
}

base::Result<pid_t> launch(fs::path const& program, fs::path const& folder) {
    std::vector<std::string> words{
        program.string(),
        "--in-memory",
        "--blob-port",
        "0",
        "--batch-port",
        "0",
        "--endpoints-file",
        (folder / "endpoints.json").string()};
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int const log = ::open((folder / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    pid_t const pid = log < 0 ? -1 : ::fork();
    if (pid == 0) become(arguments, log);
    auto const error = errno;
    if (log >= 0) ::close(log);
    if (pid < 0) {
        return base::Failure{fmt::format("Can't start {}: {}.", program.string(), std::strerror(error))};
    }
    return pid;
}

}  // namespace

base::Result<EmulatorEndpoints> read_endpoints_file(fs::path const& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        return base::Failure{fmt::format(
            "{} is not there: does bluebatch-emulator run with that --endpoints-file?", file.string()
        )};
    }
    auto const json = nlohmann::json::parse(read_text(file), nullptr, false);
    auto const blob = json.is_object() ? json.value("blob", nlohmann::json{}) : nlohmann::json{};
    auto const batch = json.is_object() ? json.value("batch", nlohmann::json{}) : nlohmann::json{};
    if (!blob.is_string() || !batch.is_string()) {
        return base::Failure{fmt::format("{} is not what an emulator writes.", file.string())};
    }
    return EmulatorEndpoints{blob.get<std::string>(), batch.get<std::string>()};
}

std::optional<fs::path> find_emulator_program() {
    constexpr auto kName = "bluebatch-emulator";
    std::error_code error;
    auto const self = fs::read_symlink("/proc/self/exe", error);
    std::vector<fs::path> folders;
    if (!error) folders.push_back(self.parent_path());
    char const* path = std::getenv("PATH");
    for (auto const folder : base::split(path ? path : "", ':')) {
        if (!folder.empty()) folders.emplace_back(folder);
    }
    for (auto const& folder : folders) {
        if (::access((folder / kName).c_str(), X_OK) == 0) return folder / kName;
    }
    return std::nullopt;
}

EmulatorProcess::EmulatorProcess(pid_t pid, fs::path folder)
    : pid_(pid),
      descriptor_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
      folder_(std::move(folder)) {}

EmulatorProcess::EmulatorProcess(EmulatorProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      folder_(std::exchange(other.folder_, {})),
      endpoints_(std::move(other.endpoints_)) {}

EmulatorProcess::~EmulatorProcess() {
    if (pid_ > 0) {
        ::kill(pid_, SIGTERM);
        if (!wait_for_end(kLongestEnd)) ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (descriptor_ >= 0) ::close(descriptor_);
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

bool EmulatorProcess::wait_for_end(std::chrono::milliseconds timeout) const {
    pollfd wanted{descriptor_, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(timeout.count())) > 0;
}

base::Result<EmulatorProcess> EmulatorProcess::start(fs::path const& program, std::stop_token stop) {
    auto const folder = base::make_temporary_folder("bluebatch-");
    if (!folder) return folder.error();
    auto const pid = launch(program, *folder);
    if (!pid) {
        std::error_code ignored;
        fs::remove_all(*folder, ignored);
        return pid.error();
    }
    EmulatorProcess process(*pid, *folder);
    auto const file = *folder / "endpoints.json";
    auto look = kFirstLook;
    for (std::chrono::milliseconds waited{0}; waited < kLongestStart && !stop.stop_requested();
         waited += look) {
        bool const ended = process.wait_for_end(look);
        std::error_code ignored;
        if (fs::exists(file, ignored)) {
            auto endpoints = read_endpoints_file(file);
            if (!endpoints) return endpoints.error();
            process.endpoints_ = *std::move(endpoints);
            return process;
        }
        if (ended) break;
        look = std::min(look * 2, kLongestLook);
    }
    auto log = read_text(*folder / "log");
    if (log.size() > kLogTail) log.erase(0, log.size() - kLogTail);
    return base::Failure{fmt::format("{} did not start.\n{}", program.string(), log)};
}

}  // namespace bluebatch::cli
