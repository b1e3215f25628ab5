#pragma once

#include "emulator/domain/failure.hpp"
#include "emulator/domain/node_directories.hpp"
#include "emulator/domain/task_specification.hpp"
#include "emulator/node/environment.hpp"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::node {

// Where the zip file of a package lies.
struct PackageFile {
    std::string version;      // as it was given with the file
    std::int64_t number = 0;  // another one for each file, of the same version too
    std::filesystem::path path;
};
// The file of a version, of the default one where `version` is empty; nothing when there is none.
using PackageSource =
    std::function<std::optional<PackageFile>(std::string_view application_id, std::string_view version)>;

// The names by which a command finds a package: on Linux without other characters than letters, digits and
// '_', as it was written, in capitals and in small letters. Batch: APP-4
std::vector<std::string> package_variables(domain::PackageReference const& reference);

// The application packages of all nodes: each is unpacked once for a node, whoever asks first. Thread-safe.
class Packages {
public:
    explicit Packages(PackageSource source) : source_(std::move(source)) {}

    // Unpacks what is not there yet and adds the variables that lead to it. Says why it could not; what a
    // stop request interrupts is no failure. Batch: APP-2, APP-3
    std::optional<domain::FailureInfo> install(
        domain::NodeDirectories const& node,
        std::vector<domain::PackageReference> const& references,
        std::stop_token const& stop,
        Environment& variables
    );

    // What every run on a node gets: the packages that its pool had when the node joined it. Batch: POOL-26
    void set_variables_of(domain::NodeDirectories const& node, Environment variables);
    Environment variables_of(domain::NodeDirectories const& node) const;
    void forget(domain::NodeDirectories const& node);

private:
    std::optional<domain::FailureInfo> bring(
        PackageFile const& file, std::filesystem::path const& folder, std::stop_token const& stop
    );

    PackageSource const source_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<std::filesystem::path> under_way_;  // folders that are being filled
    std::map<std::filesystem::path, Environment> of_nodes_;
};

}  // namespace bluebatch::emulator::node
