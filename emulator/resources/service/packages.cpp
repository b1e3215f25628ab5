#include "emulator/resources/service/packages.hpp"

#include "emulator/resources/service/opened_account.hpp"
#include "emulator/resources/service/package_files.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::resources::service {

namespace {

using storage::PackageChange;
using storage::PackageRecord;

// A version of an application that there is.
struct Version {
    OpenedAccount in;
    domain::Application application;
    std::string name;

    std::string const& account_name() const { return in.account.record.name; }
    std::string container() const { return package_container(account_name(), application.id); }
};

PackageResult<Version> open_version(World& world, ApplicationName const& name, std::string_view version) {
    auto in = open_account(world, name);
    if (!in) return in.error();
    auto application = find_stored_application(*in, name.application);
    if (!application) return PackageFailure{PackageFault::no_application};
    return Version{*std::move(in), *std::move(application), std::string{version}};
}

Package join(
    domain::Application const& application,
    domain::ApplicationPackage const* stored,
    std::optional<PackageRecord> const& record
) {
    Package package;
    package.application = application.id;
    package.version = record ? record->version : stored->version;
    package.is_active = stored != nullptr;
    package.changed = record ? record->changed : stored->last_modified;
    if (stored == nullptr) return package;
    package.activated =
        record && record->activated ? record->activated : std::optional{stored->last_modified};
    return package;
}

std::optional<PackageRecord> find_record(World& world, Version const& version) {
    storage::Snapshot snapshot(world.database);
    return storage::find_package_record(
        snapshot.connection(), version.account_name(), version.application.id, version.name
    );
}

void write_package_record(World& world, PackageRecord const& record) {
    storage::Transaction transaction(world.database);
    storage::put_package_record(transaction, record);
    transaction.commit();
}

std::size_t count_versions(World& world, Version const& version) {
    auto count = version.application.packages.size();
    for (auto const& record : list_records(world, version.account_name(), version.application.id))
        count += find_stored(version.application, record.version) == nullptr ? 1U : 0U;
    return count;
}

std::optional<PackageFault> fault_of(PackageChange change) {
    switch (change) {
        case PackageChange::done:
            return std::nullopt;
        case PackageChange::not_found:
            return PackageFault::no_package;
        case PackageChange::updates_not_allowed:
            return PackageFault::updates_not_allowed;
        case PackageChange::too_many:
            return PackageFault::too_many_packages;
        case PackageChange::still_has_packages:
            return PackageFault::still_has_packages;
    }
    return std::nullopt;
}

// Where the file of a package is.
struct Place {
    domain::Account storage;
    std::string container;
    std::string version;
};

PackageResult<Place> find_place(World& world, ApplicationName const& name, std::string_view version) {
    auto const found = open_version(world, name, version);
    if (!found) return found.error();
    auto const& storage = found->in.storage;
    if (!storage) return PackageFailure{PackageFault::no_auto_storage};
    auto const record = find_record(world, *found);
    auto const* const stored = find_stored(found->application, found->name);
    if (!record && stored == nullptr) return PackageFailure{PackageFault::no_package};
    return Place{*storage, found->container(), record ? record->version : stored->version};
}

}  // namespace

PackageResult<FoundPackage> announce_package(
    World& world, ApplicationName const& name, std::string_view version, base::TimePoint now
) {
    Changing const changing(world);
    auto const found = open_version(world, name, version);
    if (!found) return found.error();
    auto const& storage = found->in.storage;
    if (!storage) return PackageFailure{PackageFault::no_auto_storage};
    auto const old = find_record(world, *found);
    auto const* const stored = find_stored(found->application, found->name);
    if (stored != nullptr && !found->application.allow_updates)
        return PackageFailure{PackageFault::updates_not_allowed};
    if (!old && stored == nullptr && count_versions(world, *found) >= domain::kMostPackages)
        return PackageFailure{PackageFault::too_many_packages};
    if (auto const made = make_container(world, *storage, found->container()); !made) return made.error();
    PackageRecord record{found->account_name(), found->application.id, found->name, std::nullopt, now};
    if (old || stored != nullptr) {
        auto const before = join(found->application, stored, old);
        record.version = before.version;
        record.activated = before.activated;
    }
    write_package_record(world, record);
    return find_package(world, name, version);
}

PackageResult<FoundPackage> activate_package(
    World& world, ApplicationName const& name, std::string_view version, base::TimePoint now
) {
    auto const place = find_place(world, name, version);
    if (!place) return place.error();
    // A large file takes its time, in which everything may have been deleted.
    auto const file = fetch_package(world, place->storage, place->container, place->version);
    if (!file) return file.error();
    Changing const changing(world);
    if (auto const there = find_place(world, name, version); !there) return there.error();
    auto const found = open_version(world, name, version);
    if (!found) return found.error();
    auto const& id = found->application.id;
    auto const change = found->in.store.packages->put(id, place->version, file->path(), now);
    if (auto const fault = fault_of(change)) return PackageFailure{*fault};
    write_package_record(world, {found->account_name(), id, place->version, now, now});
    return find_package(world, name, version);
}

PackageResult<FoundPackage> find_package(
    World& world, ApplicationName const& name, std::string_view version
) {
    auto found = open_version(world, name, version);
    if (!found) return found.error();
    auto const record = find_record(world, *found);
    auto const* const stored = find_stored(found->application, found->name);
    if (!record && stored == nullptr) return PackageFailure{PackageFault::no_package};
    auto storage = record ? std::move(found->in.storage) : std::nullopt;
    return FoundPackage{
        std::move(found->in.account), join(found->application, stored, record), std::move(storage)};
}

PackageResult<FoundPackages> list_packages(World& world, ApplicationName const& name) {
    auto found = open_version(world, name, {});
    if (!found) return found.error();
    auto const& application = found->application;
    auto const records = list_records(world, found->account_name(), application.id);
    std::vector<Package> packages;
    packages.reserve(records.size() + application.packages.size());
    for (auto const& record : records)
        packages.push_back(join(application, find_stored(application, record.version), record));
    for (auto const& stored : application.packages) {
        bool const has_record = std::ranges::any_of(records, [&](auto const& record) {
            return base::equal_ignoring_case(record.version, stored.version);
        });
        if (!has_record) packages.push_back(join(application, &stored, std::nullopt));
    }
    std::ranges::sort(packages, {}, &Package::version);
    return FoundPackages{std::move(found->in.account), std::move(packages)};
}

PackageResult<bool> remove_package(World& world, ApplicationName const& name, std::string_view version) {
    Changing const changing(world);
    auto const found = open_version(world, name, version);
    if (!found) return found.error();
    auto const record = find_record(world, *found);
    auto const* const stored = find_stored(found->application, found->name);
    if (!record && stored == nullptr) return false;
    auto const package = join(found->application, stored, record).version;
    auto const& id = found->application.id;
    if (base::equal_ignoring_case(found->application.default_version, package))
        return PackageFailure{PackageFault::is_default_version};
    if (stored != nullptr &&
        found->in.store.packages->remove(id, package) == PackageChange::updates_not_allowed)
        return PackageFailure{PackageFault::updates_not_allowed};
    if (auto const& storage = found->in.storage)
        delete_package_file(world, *storage, found->container(), package);
    storage::Transaction transaction(world.database);
    storage::delete_package_record(transaction, found->account_name(), id, package);
    transaction.commit();
    return true;
}

}  // namespace bluebatch::emulator::resources::service
