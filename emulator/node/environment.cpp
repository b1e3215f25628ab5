#include "emulator/node/environment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>

namespace bluebatch::emulator::node {

namespace {

constexpr auto kInherited = std::to_array<char const*>(
    {"PATH",
     "LANG",
     "LANGUAGE",
     "LC_ALL",
     "LC_ADDRESS",
     "LC_COLLATE",
     "LC_CTYPE",
     "LC_IDENTIFICATION",
     "LC_MEASUREMENT",
     "LC_MESSAGES",
     "LC_MONETARY",
     "LC_NAME",
     "LC_NUMERIC",
     "LC_PAPER",
     "LC_TELEPHONE",
     "LC_TIME",
     "TZ",
     "TMPDIR",
     "http_proxy",
     "https_proxy",
     "no_proxy",
     "all_proxy",
     "HTTP_PROXY",
     "HTTPS_PROXY",
     "NO_PROXY",
     "ALL_PROXY"}
);
constexpr std::string_view kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
// What Linux passes on to a process in one variable, its name included.
constexpr std::size_t kLongestValue = 128 << 10;
constexpr std::size_t kDeepest = 100;                          // settings that refer to each other in a row
constexpr std::string_view kReservedDiskSpace = "1000000000";  // bytes

// A reference at the start of `text`: "$NAME" or "${NAME}".
struct Reference {
    std::string name;
    std::size_t length = 0;
};

bool is_name_character(char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::optional<Reference> read_reference(std::string_view text) {
    if (text.size() < 2 || text[0] != '$') return std::nullopt;
    bool const braced = text[1] == '{';
    std::size_t const first = braced ? 2 : 1;
    std::size_t end = first;
    while (end < text.size() && is_name_character(text[end]))
        ++end;
    bool const starts_as_name = end > first && std::isdigit(static_cast<unsigned char>(text[first])) == 0;
    if (!starts_as_name) return std::nullopt;
    std::string name(text.substr(first, end - first));
    if (!braced) return Reference{std::move(name), end};
    if (end == text.size() || text[end] != '}') return std::nullopt;
    return Reference{std::move(name), end + 1};
}

// `value_of` says what stands for a reference; `text` is what was written.
std::string expand(
    std::string_view text,
    std::function<std::string(std::string const& name, std::string_view written)> const& value_of
) {
    std::string result;
    while (!text.empty()) {
        if (auto const reference = read_reference(text)) {
            result += value_of(reference->name, text.substr(0, reference->length));
            text.remove_prefix(reference->length);
        } else {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

// Resolves what users set; each setting may refer to others and, by its own name, to what it replaces.
class Settings {
public:
    Settings(Environment const& system, std::vector<domain::NameValue> const& given) : system_(system) {
        for (domain::NameValue const& setting : given)
            given_[setting.name] = setting.value;
    }

    base::Result<Environment> resolve() {
        for (auto const& [name, value] : given_) {
            resolve_one(name);
            if (!fault_.empty()) return base::Failure{fmt::format("environment setting {} {}", name, fault_)};
        }
        return resolved_;
    }

private:
    static constexpr std::string_view kTooLong = "becomes longer than 128 KiB";

    std::string resolve_one(std::string const& name) {
        if (auto const done = resolved_.find(name); done != resolved_.end()) return done->second;
        under_way_.insert(name);
        std::size_t inserted = 0;
        std::string value = expand(given_.at(name), [&](std::string const& other, std::string_view written) {
            if (!fault_.empty()) return std::string();
            std::string text = value_of(name, other, written);
            inserted += text.size();
            // Settings that double each other would outgrow any memory.
            if (inserted > kLongestValue) fault_ = kTooLong;
            return text;
        });
        if (value.size() > kLongestValue && fault_.empty()) fault_ = kTooLong;
        under_way_.erase(name);
        return resolved_[name] = std::move(value);
    }

    std::string value_of(std::string const& name, std::string const& other, std::string_view written) {
        bool const is_given = other != name && given_.contains(other);
        if (is_given && under_way_.contains(other)) {
            fault_ = "refers to itself through others";
            return {};
        }
        if (is_given && under_way_.size() == kDeepest) {
            fault_ = "refers to others that refer to others, and so on, too often";
            return {};
        }
        if (is_given) return resolve_one(other);
        auto const system = system_.find(other);
        // A value may well hold a '$' that means nothing.
        return system == system_.end() ? std::string(written) : system->second;
    }

    Environment const& system_;
    Environment given_;
    Environment resolved_;
    std::set<std::string> under_way_;
    std::string_view fault_;  // what the first bad setting does
};

constexpr int kMasterPort = 6000;

// Batch: MI-9
void add_instance(
    Environment& variables, domain::Instance const& instance, RunDirectories const& directories
) {
    std::vector<std::string> addresses;
    std::string nodes_and_cores = std::to_string(instance.hosts.size());
    for (auto const& host : instance.hosts) {
        addresses.push_back(host.ip_address);
        nodes_and_cores += fmt::format(" {} {}", host.ip_address, host.cores);
    }
    variables["AZ_BATCH_NODE_LIST"] = fmt::format("{}", fmt::join(addresses, ";"));
    variables["AZ_BATCH_HOST_LIST"] = fmt::format("{}", fmt::join(addresses, ","));
    variables["AZ_BATCH_MASTER_NODE"] = fmt::format("{}:{}", addresses.front(), kMasterPort);
    variables["AZ_BATCH_IS_CURRENT_NODE_MASTER"] = instance.number == 0 ? "true" : "false";
    variables["AZ_BATCH_TASK_SHARED_DIR"] = directories.task;
    variables["CCP_NODES"] = std::move(nodes_and_cores);
}

Environment service_variables(
    NodeIdentity const& identity, domain::RunCommand const& command, RunDirectories const& directories
) {
    domain::NodeDirectories const& node = directories.node;
    Environment variables{
        {"AZ_BATCH_ACCOUNT_NAME", identity.account_name},
        {"AZ_BATCH_ACCOUNT_URL", identity.account_url},
        {"AZ_BATCH_CERTIFICATES_DIR", directories.working() / "certs"},
        {"AZ_BATCH_NODE_ID", command.node_id},
        {"AZ_BATCH_NODE_IS_DEDICATED", command.node_is_dedicated ? "true" : "false"},
        {"AZ_BATCH_NODE_MOUNTS_DIR", node.mounts()},
        {"AZ_BATCH_NODE_ROOT_DIR", node.root},
        {"AZ_BATCH_NODE_SHARED_DIR", node.shared()},
        {"AZ_BATCH_NODE_STARTUP_DIR", node.startup()},
        {"AZ_BATCH_NODE_STARTUP_WORKING_DIR", node.startup() / "wd"},
        {"AZ_BATCH_POOL_ID", command.pool_id},
        {"AZ_BATCH_RESERVED_DISK_SPACE_BYTES", std::string(kReservedDiskSpace)},
        {"AZ_BATCH_TASK_DIR", directories.task},
        {"AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES", std::string(kReservedDiskSpace)},
        {"AZ_BATCH_TASK_WORKING_DIR", directories.working()},
    };
    if (!domain::is_of_node(command.kind)) {
        variables["AZ_BATCH_JOB_ID"] = command.job_id;
        variables["AZ_BATCH_TASK_ID"] = command.task_id;
    }
    if (!command.job_preparation_id.empty()) {
        auto const preparation = node.task(command.job_id, command.job_preparation_id);
        variables["AZ_BATCH_JOB_PREP_DIR"] = preparation;
        variables["AZ_BATCH_JOB_PREP_WORKING_DIR"] = preparation / "wd";
    }
    if (command.instance) add_instance(variables, *command.instance, directories);
    return variables;
}

}  // namespace

Environment inherited_environment() {
    Environment environment;
    for (char const* const name : kInherited) {
        if (char const* const value = std::getenv(name)) environment[name] = value;
    }
    if (environment["PATH"].empty()) environment["PATH"] = kDefaultPath;
    return environment;
}

base::Result<Environment> make_environment(
    Environment const& inherited,
    NodeIdentity const& identity,
    domain::RunCommand const& command,
    RunDirectories const& directories,
    Environment const& given
) {
    Environment environment = service_variables(identity, command, directories);
    environment.insert(given.begin(), given.end());
    environment.insert(inherited.begin(), inherited.end());
    environment["HOME"] = directories.working();
    if (!identity.node_bin.empty())
        environment["PATH"] = identity.node_bin.string() + ':' + environment["PATH"];
    auto const settings = Settings(environment, command.specification.environment_settings).resolve();
    if (!settings) return settings.error();
    for (auto const& [name, value] : *settings) {
        // The service's own cannot be overridden. Batch: ENV-8
        bool const is_ours = name.starts_with(kServicePrefix) && environment.contains(name);
        if (!is_ours) environment[name] = value;
    }
    return environment;
}

std::string expand_variables(std::string_view text, Environment const& environment) {
    // What comes out longer is no path any more; without a bound, many references to a long value would add
    // up.
    std::size_t inserted = 0;
    return expand(text, [&](std::string const& name, std::string_view) {
        auto const found = environment.find(name);
        if (found == environment.end() || inserted + found->second.size() > kLongestValue)
            return std::string();
        inserted += found->second.size();
        return found->second;
    });
}

std::vector<std::string> to_lines(Environment const& environment) {
    std::vector<std::string> lines;
    lines.reserve(environment.size());
    for (auto const& [name, value] : environment)
        lines.push_back(name + '=' + value);
    return lines;
}

}  // namespace bluebatch::emulator::node
