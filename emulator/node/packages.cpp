#include "emulator/node/packages.hpp"

#include "emulator/node/unpack.hpp"
#include "shared/base/text.hpp"
#include "shared/base/unique_descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <system_error>

namespace bluebatch::emulator::node {

namespace {

namespace fs = std::filesystem;
using domain::FailureInfo;
using domain::PackageReference;

constexpr std::string_view kPrefix = "AZ_BATCH_APP_PACKAGE_";

// Batch: TASK-34, NODE-16
FailureInfo package_failure(std::string message) {
    return {
        domain::ErrorCategory::user_error,
        "ApplicationPackageError",
        "An application package could not be installed on the node",
        {{"Message", std::move(message)}},
    };
}

FailureInfo to_failure(UnpackError const& error) {
    if (error.fault != UnpackFault::disk_full) return package_failure(error.message);
    return {
        domain::ErrorCategory::server_error,
        "DiskFull",
        "There is not enough disk space on the node",
        {{"Message", error.message}},
    };
}

void name_package(FailureInfo& failure, PackageReference const& reference) {
    failure.details.push_back({"ApplicationId", reference.application_id});
    failure.details.push_back(
        {"Version", reference.version.empty() ? "the default version" : reference.version}
    );
}

// Fills a folder beside and gives it its name at the end: a folder of that name is always complete.
UnpackResult unpack_into(fs::path const& file, fs::path const& folder, std::stop_token const& stop) {
    fs::path const part = fs::path(folder) += ".part";
    fs::remove_all(part);  // what an end of the emulator has left there
    fs::create_directories(part);
    base::UniqueDescriptor const archive(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!archive) return UnpackError{UnpackFault::local_file, std::generic_category().message(errno)};
    auto done = unpack(archive.get(), part, {}, stop);
    std::error_code error;
    if (done) fs::rename(part, folder, error);
    if (error) done = UnpackError{UnpackFault::local_file, error.message()};
    if (!done) fs::remove_all(part, error);
    return done;
}

}  // namespace

std::vector<std::string> package_variables(PackageReference const& reference) {
    std::string name = reference.application_id;
    if (!reference.version.empty()) name.append("_").append(reference.version);
    std::ranges::replace_if(
        name, [](unsigned char c) { return c >= 0x80 || std::isalnum(c) == 0; }, '_'
    );
    std::vector<std::string> names;
    for (auto const& spelling : {name, base::to_upper(name), base::to_lower(name)})
        names.push_back(std::string(kPrefix).append(spelling));
    return names;
}

std::optional<FailureInfo> Packages::install(
    domain::NodeDirectories const& node,
    std::vector<PackageReference> const& references,
    std::stop_token const& stop,
    Environment& variables
) {
    for (PackageReference const& reference : references) {
        if (stop.stop_requested()) return std::nullopt;
        auto const file =
            source_ ? source_(reference.application_id, reference.version) : std::optional<PackageFile>{};
        std::optional<FailureInfo> failure;
        if (file) {
            auto const folder = node.applications() / base::to_lower(reference.application_id) /
                                fmt::format("{}-{}", file->version, file->number);
            failure = bring(*file, folder, stop);
            for (auto const& name : package_variables(reference))
                variables[name] = folder;
        } else {
            failure = package_failure("The specified application package does not exist");
        }
        if (!failure) continue;
        name_package(*failure, reference);
        return failure;
    }
    return std::nullopt;
}

std::optional<FailureInfo> Packages::bring(
    PackageFile const& file, fs::path const& folder, std::stop_token const& stop
) {
    {
        std::unique_lock lock(mutex_);
        bool const is_free = changed_.wait(lock, stop, [&] { return !under_way_.contains(folder); });
        if (!is_free || fs::is_directory(folder)) return std::nullopt;
        under_way_.insert(folder);
    }
    auto const let_others_go_on = [&] {
        {
            std::scoped_lock const lock(mutex_);
            under_way_.erase(folder);
        }
        changed_.notify_all();
    };
    UnpackResult done;
    try {
        done = unpack_into(file.path, folder, stop);
    } catch (fs::filesystem_error const& error) {
        done = UnpackError{UnpackFault::local_file, error.code().message()};
    } catch (...) {
        let_others_go_on();
        throw;
    }
    let_others_go_on();
    if (done || done.error().fault == UnpackFault::cancelled) return std::nullopt;
    return to_failure(done.error());
}

void Packages::set_variables_of(domain::NodeDirectories const& node, Environment variables) {
    std::scoped_lock const lock(mutex_);
    of_nodes_[node.root] = std::move(variables);
}

Environment Packages::variables_of(domain::NodeDirectories const& node) const {
    std::scoped_lock const lock(mutex_);
    auto const found = of_nodes_.find(node.root);
    return found == of_nodes_.end() ? Environment{} : found->second;
}

void Packages::forget(domain::NodeDirectories const& node) {
    std::scoped_lock const lock(mutex_);
    of_nodes_.erase(node.root);
}

}  // namespace bluebatch::emulator::node
