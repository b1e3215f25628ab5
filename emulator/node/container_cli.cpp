#include "emulator/node/container_cli.hpp"

#include "emulator/ffmpeg/command.hpp"
#include "emulator/node/process.hpp"
#include "shared/base/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;

constexpr auto kSeenByProgram = std::to_array<char const*>({
    "PATH",
    "HOME",
    "USER",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "DBUS_SESSION_BUS_ADDRESS",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "CONTAINER_HOST",
    "CONTAINERS_CONF",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
});
constexpr std::string_view kDefaultServer = "docker.io";
constexpr std::string_view kDefaultServerOfDocker = "https://index.docker.io/v1/";

// The folder that a mount of that name means.
fs::path place_of(
    std::string_view source, domain::RunCommand const& command, RunDirectories const& directories
) {
    domain::NodeDirectories const& node = directories.node;
    if (source == "Shared") return node.shared();
    if (source == "Startup") return node.startup();
    if (source == "VfsMounts") return node.mounts();
    if (source == "JobPrep") return node.task(command.job_id, command.job_preparation_id);
    if (source == "Applications") return node.applications();
    return directories.task;
}

void add_mounts(
    std::vector<std::string>& arguments, domain::RunCommand const& command, RunDirectories const& directories
) {
    auto const add = [&](fs::path const& place, bool is_read_only) {
        arguments.push_back("--mount");
        arguments.push_back(
            fmt::format("type=bind,source={0},target={0}{1}", place.string(), is_read_only ? ",readonly" : "")
        );
    };
    auto const& mounts = command.specification.container->mounts;
    if (!mounts) return add(directories.node.root, false);
    for (domain::ContainerMount const& mount : *mounts) {
        bool const has_place = mount.source != "JobPrep" || !command.job_preparation_id.empty();
        if (has_place) add(place_of(mount.source, command, directories), mount.is_read_only);
    }
}

bool is_of_user(std::string const& name, std::vector<domain::NameValue> const& settings) {
    return std::ranges::find(settings, name, &domain::NameValue::name) != settings.end();
}

// What changes how the program works would make it look for the container elsewhere, or not start.
bool steers_program(std::string_view name) {
    constexpr auto kPrefixes = std::to_array<std::string_view>(
        {"LD_", "XDG_", "DOCKER_", "CONTAINER", "STORAGE_", "REGISTRY_", "BUILDAH_", "TMPDIR", "GO"}
    );
    bool const is_known = std::ranges::find(kSeenByProgram, name) != kSeenByProgram.end();
    return is_known || std::ranges::any_of(kPrefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

void add_variables(
    ContainerCall& call, Environment const& environment, std::vector<domain::NameValue> const& settings
) {
    for (auto const& [name, value] : environment) {
        if (!name.starts_with(kServicePrefix) && !is_of_user(name, settings)) continue;
        call.arguments.push_back("--env");
        // The program passes on what it has itself, so that nobody reads values off its command line. Where
        // it has another value for itself, the command's has to be told.
        bool const is_taken = call.environment.contains(name) || steers_program(name);
        call.arguments.push_back(is_taken ? name + '=' + value : name);
        if (!is_taken) call.environment[name] = value;
    }
}

bool is_server_name(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".-_:/").find(c) != std::string_view::npos;
    });
}

}  // namespace

std::optional<fs::path> find_container_program(std::string_view path) {
    for (std::string_view const name : {"podman", "docker"}) {
        auto found = find_program(name, path, "/");
        if (found) return found;
    }
    return std::nullopt;
}

Environment container_program_environment() {
    Environment environment;
    for (char const* const name : kSeenByProgram) {
        if (char const* const value = std::getenv(name)) environment[name] = value;
    }
    return environment;
}

base::Result<ContainerCall> make_container_run(
    domain::RunCommand const& command,
    RunDirectories const& directories,
    Environment const& environment,
    Environment const& program_environment,
    std::string const& name
) {
    domain::ContainerSettings const& settings = *command.specification.container;
    auto const options = ffmpeg::split_command_line(settings.run_options);
    auto const words = ffmpeg::split_command_line(command.specification.command_line);
    if (!options) return base::Failure{"A quote in containerRunOptions is not closed"};
    if (!words) return base::Failure{"A quote in the command line is not closed"};
    ContainerCall call;
    call.environment = program_environment;
    call.arguments = {"run", "--rm"};
    add_mounts(call.arguments, command, directories);
    add_variables(call, environment, command.specification.environment_settings);
    if (settings.working_directory == domain::ContainerSettings::WorkingDirectory::of_task) {
        call.arguments.emplace_back("--workdir");
        call.arguments.push_back(directories.working().string());
    }
    // The user's come later, where they win; but by its name the container is found again.
    call.arguments.insert(call.arguments.end(), options->begin(), options->end());
    call.arguments.insert(call.arguments.end(), {"--name", name});
    call.arguments.push_back(settings.image);
    call.arguments.insert(call.arguments.end(), words->begin(), words->end());
    return call;
}

base::Result<std::string> write_registry_access(std::vector<domain::ContainerRegistry> const& registries) {
    std::string entries;
    for (domain::ContainerRegistry const& registry : registries) {
        if (!is_server_name(registry.server))
            return base::Failure{fmt::format("'{}' is no name of a server", registry.server)};
        auto const secret = base::to_base64(registry.user_name + ':' + registry.password);
        bool const is_default = registry.server.empty() || registry.server == kDefaultServer;
        std::vector<std::string_view> names{registry.server};
        if (is_default) names = {kDefaultServer, kDefaultServerOfDocker};
        for (std::string_view const name : names)
            entries += fmt::format(R"({}"{}":{{"auth":"{}"}})", entries.empty() ? "" : ",", name, secret);
    }
    return base::Result<std::string>(
        boost::system::in_place_value, fmt::format(R"({{"auths":{{{}}}}})", entries)
    );
}

}  // namespace bluebatch::emulator::node
