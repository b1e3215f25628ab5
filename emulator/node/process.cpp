#include "emulator/node/process.hpp"

#include "shared/base/text.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr int kFirstOtherDescriptor = 3;

void check(int error, char const* doing) {
    if (error != 0) throw std::system_error(error, std::generic_category(), doing);
}

class FileActions {
public:
    explicit FileActions(ProcessSpecification const& specification) {
        check(posix_spawn_file_actions_init(&actions_), "file actions");
        check(posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0), "stdin");
        check(posix_spawn_file_actions_adddup2(&actions_, specification.stdout_descriptor, 1), "stdout");
        check(posix_spawn_file_actions_adddup2(&actions_, specification.stderr_descriptor, 2), "stderr");
        // Ours are all closed on exec; this is for those of libraries.
        check(
            posix_spawn_file_actions_addclosefrom_np(&actions_, kFirstOtherDescriptor), "other descriptors"
        );
        check(
            posix_spawn_file_actions_addchdir_np(&actions_, specification.working_directory.c_str()),
            "working directory"
        );
    }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(FileActions const&) = delete;
    FileActions& operator=(FileActions const&) = delete;
    posix_spawn_file_actions_t const* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
public:
    Attributes() {
        check(posix_spawnattr_init(&attributes_), "attributes");
        sigset_t none;
        sigemptyset(&none);
        sigset_t all;
        sigfillset(&all);
        check(posix_spawnattr_setsigmask(&attributes_, &none), "signal mask");
        check(posix_spawnattr_setsigdefault(&attributes_, &all), "signal defaults");
        check(posix_spawnattr_setpgroup(&attributes_, 0), "process group");
        check(
            posix_spawnattr_setflags(
                &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
            ),
            "flags"
        );
    }
    ~Attributes() { posix_spawnattr_destroy(&attributes_); }
    Attributes(Attributes const&) = delete;
    Attributes& operator=(Attributes const&) = delete;
    posix_spawnattr_t const* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (std::string& text : texts)
        all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// The first process of a container inherits orphans; those of this group have just been killed.
void reap_orphans_of(pid_t group) {
    if (::getpid() != 1) return;
    while (::waitpid(-group, nullptr, 0) > 0) {
    }
}

// Returns its exit code and leaves it unreaped.
int wait_for(pid_t child, std::stop_token const& stop) {
    std::stop_callback const kill_group(stop, [child] { ::kill(-child, SIGKILL); });
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
}

bool is_executable(fs::path const& file) {
    struct stat information {};
    bool const is_file = ::stat(file.c_str(), &information) == 0 && S_ISREG(information.st_mode);
    return is_file && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

ProcessGroup& ProcessGroup::operator=(ProcessGroup&& other) noexcept {
    if (this == &other) return *this;
    end();
    leader_ = std::exchange(other.leader_, kNone);
    return *this;
}

void ProcessGroup::end() {
    pid_t const leader = std::exchange(leader_, kNone);
    if (leader == kNone) return;
    ::kill(-leader, SIGKILL);
    while (::waitpid(leader, nullptr, 0) < 0 && errno == EINTR) {
    }
    reap_orphans_of(leader);
}

ProcessOutcome run_process(
    ProcessSpecification const& specification, std::stop_token stop, Children children
) {
    std::vector<std::string> arguments = specification.arguments;
    std::vector<std::string> environment = to_lines(specification.environment);
    FileActions const actions(specification);
    Attributes const attributes;
    pid_t child = -1;
    int const error = posix_spawn(
        &child,
        specification.program.c_str(),
        actions.get(),
        attributes.get(),
        pointers(arguments).data(),
        pointers(environment).data()
    );
    if (error != 0) return {std::nullopt, error};
    ProcessGroup group(child);
    if (specification.meter != nullptr) specification.meter->process_begins(child);
    int const exit_code = wait_for(child, stop);
    if (specification.meter != nullptr) specification.meter->process_ends();
    if (children == Children::ended || stop.stop_requested()) group.end();
    return {exit_code, 0, std::move(group)};
}

std::optional<fs::path> find_program(std::string_view name, std::string_view path, fs::path const& folder) {
    if (name.empty()) return std::nullopt;
    if (name.find('/') != std::string_view::npos) {
        fs::path const file = folder / name;
        std::error_code ignored;
        return fs::exists(file, ignored) ? std::optional{file} : std::nullopt;
    }
    for (std::string_view const entry : base::split(path, ':')) {
        fs::path const file = folder / entry / name;
        if (is_executable(file)) return file;
    }
    return is_executable(folder / name) ? std::optional{folder / name} : std::nullopt;
}

}  // namespace bluebatch::emulator::node
