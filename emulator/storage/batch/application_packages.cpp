#include "emulator/storage/batch/application_packages.hpp"

#include "emulator/storage/batch/application_store.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::storage {

namespace fs = std::filesystem;

ApplicationPackages::ApplicationPackages(Database& database, fs::path folder, Disk& disk)
    : database_(database), folder_(std::move(folder)), disk_(disk) {
    fs::create_directories(folder_);
}

fs::path ApplicationPackages::file_of(domain::ApplicationPackage const& package) const {
    return folder_ / (std::to_string(package.sequence) + ".zip");
}

void ApplicationPackages::remove_after(Transaction& transaction, domain::ApplicationPackage const& package) {
    transaction.after_commit([file = file_of(package)] {
        std::error_code ignored;
        fs::remove(file, ignored);
    });
}

PackageChange ApplicationPackages::put(
    std::string_view id, std::string_view version, fs::path const& file, base::TimePoint now
) {
    disk_.sync_file(file);
    Transaction transaction(database_);
    auto& connection = transaction.connection();
    auto const application = find_application(connection, id);
    if (!application) {
        if (count_applications(connection) >= static_cast<std::int64_t>(domain::kMostApplications))
            return PackageChange::too_many;
        domain::Application added;
        added.id = id;
        put_application(transaction, added);
    } else if (auto const old = find_package(connection, id, version)) {
        if (!application->allow_updates) return PackageChange::updates_not_allowed;
        remove_after(transaction, *old);
    } else if (application->packages.size() >= domain::kMostPackages) {
        return PackageChange::too_many;
    }
    domain::ApplicationPackage package;
    package.version = version;
    package.size = static_cast<std::int64_t>(fs::file_size(file));
    package.last_modified = now;
    put_package(transaction, id, package);
    // A number that was not committed is given again, so a file that a crash leaves behind is replaced.
    fs::rename(file, file_of(package));
    disk_.sync_folder(folder_);
    transaction.commit();
    return PackageChange::done;
}

PackageChange ApplicationPackages::remove(std::string_view id, std::string_view version) {
    Transaction transaction(database_);
    auto application = find_application(transaction.connection(), id);
    auto const package = find_package(transaction.connection(), id, version);
    if (!application || !package || version.empty()) return PackageChange::not_found;
    if (!application->allow_updates) return PackageChange::updates_not_allowed;
    if (base::equal_ignoring_case(application->default_version, version)) {
        application->default_version.clear();
        put_application(transaction, *application);
    }
    delete_package(transaction, id, version);
    remove_after(transaction, *package);
    transaction.commit();
    return PackageChange::done;
}

PackageChange ApplicationPackages::remove_application(std::string_view id) {
    Transaction transaction(database_);
    auto const application = find_application(transaction.connection(), id);
    if (!application) return PackageChange::not_found;
    if (!application->packages.empty()) return PackageChange::still_has_packages;
    delete_application(transaction, id);
    transaction.commit();
    return PackageChange::done;
}

std::optional<PackageFile> ApplicationPackages::find(std::string_view id, std::string_view version) const {
    Snapshot snapshot(database_);
    auto const package = find_package(snapshot.connection(), id, version);
    if (!package) return std::nullopt;
    return PackageFile{package->version, package->sequence, file_of(*package)};
}

}  // namespace bluebatch::emulator::storage
