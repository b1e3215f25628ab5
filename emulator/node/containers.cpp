#include "emulator/node/containers.hpp"

#include "emulator/node/process.hpp"
#include "shared/base/file_io.hpp"
#include "shared/base/temporary_folder.hpp"
#include "shared/base/text.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;
using domain::FailureInfo;

constexpr int kProgramFailed = 125;  // of both programs, where the container did not even start
constexpr std::size_t kLongestMessage = 2000;

// Batch: TASK-34
FailureInfo container_failure(std::string code, std::string message, std::string detail) {
    return {
        domain::ErrorCategory::user_error,
        std::move(code),
        std::move(message),
        {{"Message", std::move(detail)}},
    };
}

FailureInfo settings_failure(std::string detail) {
    return container_failure(
        "ContainerInvalidSettings", "The container settings of the task are invalid", std::move(detail)
    );
}

std::string container_name(domain::RunCommand const& command) {
    return fmt::format("bluebatch-{:016x}", command.run);
}

// The end of what a program said.
std::string read_end(int file) {
    struct stat information {};
    ::fstat(file, &information);
    auto const size = static_cast<std::size_t>(information.st_size);
    std::string text(std::min(size, kLongestMessage), '\0');
    base::read_all(file, size - text.size(), text);
    return std::string(base::trim(text));
}

// A folder that only we may read; it goes with this object. Not in the node's tree, which clients can read.
class SecretFolder {
public:
    SecretFolder() {
        auto folder = base::make_temporary_folder("bluebatch-registry-");
        if (!folder) throw std::runtime_error(folder.error().message);
        path_ = *std::move(folder);
    }
    ~SecretFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    SecretFolder(SecretFolder const&) = delete;
    SecretFolder& operator=(SecretFolder const&) = delete;

    fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

// What opens registries.
class RegistryAccess {
public:
    explicit RegistryAccess(std::string const& document) {
        base::UniqueDescriptor const file(
            ::open(config().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
        );
        base::write_all(file.get(), document);
    }

    void add_to(Environment& environment) const {
        environment["DOCKER_CONFIG"] = folder_.path();
        environment["REGISTRY_AUTH_FILE"] = config();
    }

private:
    fs::path config() const { return folder_.path() / "config.json"; }

    SecretFolder folder_;
};

}  // namespace

std::optional<std::string> Containers::call(
    std::vector<std::string> arguments, Environment const& environment, std::stop_token const& stop
) {
    base::UniqueDescriptor const said(::memfd_create("container", MFD_CLOEXEC));
    arguments.insert(arguments.begin(), program_.filename().string());
    auto const outcome =
        run_process({program_, std::move(arguments), environment, "/", said.get(), said.get()}, stop);
    if (outcome.exit_code == 0) return std::nullopt;
    if (!outcome.exit_code) return std::generic_category().message(outcome.launch_error);
    auto text = read_end(said.get());
    return text.empty() ? fmt::format("{} ended with {}", program_.string(), *outcome.exit_code) : text;
}

std::optional<FailureInfo> Containers::bring_image(
    std::string const& image, Registries const& registries, std::stop_token const& stop
) {
    // What begins like an option would be taken for one.
    if (image.empty() || image.starts_with('-'))
        return container_failure("ContainerInvalidImage", "The container image is invalid", image);
    if (!call({"image", "inspect", image}, environment_, stop)) return std::nullopt;
    if (stop.stop_requested()) return std::nullopt;
    auto const document = write_registry_access(registries);
    if (!document) {
        return container_failure(
            "ContainerInvalidRegistry", "A container registry is invalid", document.error().message
        );
    }
    auto environment = environment_;
    std::optional<RegistryAccess> access;
    if (!registries.empty()) access.emplace(*document).add_to(environment);
    auto const fault = call({"pull", image}, environment, stop);
    if (!fault || stop.stop_requested()) return std::nullopt;
    auto failure =
        container_failure("ContainerInvalidImage", "The container image could not be brought", *fault);
    failure.details.push_back({"Image", image});
    return failure;
}

std::optional<FailureInfo> Containers::set_up(
    domain::NodeDirectories const& node,
    std::optional<domain::ContainerSetup> const& setup,
    std::stop_token const& stop
) {
    forget(node);
    if (!setup) return std::nullopt;
    std::optional<FailureInfo> failure;
    if (program_.empty()) failure = settings_failure("This machine has neither podman nor docker");
    for (auto const& image : setup->images) {
        if (!failure) failure = bring_image(image, setup->registries, stop);
    }
    if (failure) {
        failure->code = "ContainerPoolConfigurationError";  // Batch: NODE-16
        return failure;
    }
    std::scoped_lock const lock(mutex_);
    of_nodes_[node.root] = setup->registries;
    return std::nullopt;
}

void Containers::forget(domain::NodeDirectories const& node) {
    std::scoped_lock const lock(mutex_);
    of_nodes_.erase(node.root);
}

std::optional<Containers::Registries> Containers::registries_of(domain::NodeDirectories const& node) const {
    std::scoped_lock const lock(mutex_);
    auto const found = of_nodes_.find(node.root);
    return found == of_nodes_.end() ? std::nullopt : std::optional{found->second};
}

// Batch: POOL-33
std::optional<FailureInfo> Containers::prepare(
    domain::RunCommand const& command, RunDirectories const& directories, std::stop_token const& stop
) {
    auto registries = registries_of(directories.node);
    auto const& container = command.specification.container;
    if (!container) {
        bool const needs_one = registries && command.kind == domain::RunKind::task;
        if (!needs_one) return std::nullopt;
        return settings_failure("The pool has containerConfiguration, so the task must have containerSettings"
        );
    }
    if (!registries)
        return settings_failure(
            "The pool has no containerConfiguration, so no task may have containerSettings"
        );
    if (container->registry) registries->push_back(*container->registry);
    return bring_image(container->image, *registries, stop);
}

CommandOutcome Containers::run(
    domain::RunCommand const& command,
    RunDirectories const& directories,
    Environment const& environment,
    CommandFiles files,
    UseMeter::Run& meter,
    std::stop_token const& stop
) {
    auto const name = container_name(command);
    auto made = make_container_run(command, directories, environment, environment_, name);
    if (!made) return {std::nullopt, settings_failure(made.error().message)};
    made->arguments.insert(made->arguments.begin(), program_.filename());
    auto const outcome = run_process(
        {program_,
         std::move(made->arguments),
         std::move(made->environment),
         directories.working(),
         files.stdout_descriptor,
         files.stderr_descriptor,
         &meter},
        stop
    );
    // The end of the program need not be that of the container.
    bool const may_go_on = stop.stop_requested() || outcome.exit_code.value_or(0) < 0;
    if (may_go_on) {
        call({"kill", name}, environment_, {});
        call({"rm", "--force", name}, environment_, {});
    }
    bool const has_run = outcome.exit_code && (*outcome.exit_code != kProgramFailed || stop.stop_requested());
    if (has_run) return {outcome.exit_code, std::nullopt};
    auto const detail = outcome.exit_code ? std::string("stderr.txt tells why")
                                          : std::generic_category().message(outcome.launch_error);
    return {
        std::nullopt, container_failure("ContainerMiscError", "The container could not be started", detail)};
}

}  // namespace bluebatch::emulator::node
