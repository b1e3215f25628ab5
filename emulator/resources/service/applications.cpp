#include "emulator/resources/service/opened_account.hpp"
#include "emulator/resources/service/package_files.hpp"
#include "emulator/storage/batch/application_store.hpp"

namespace bluebatch::emulator::resources::service {

PackageResult<FoundApplication> write_application(
    World& world, ApplicationName const& name, bool creates, ApplicationChange const& change
) {
    Changing const changing(world);
    auto in = open_account(world, name);
    if (!in) return in.error();
    storage::Transaction transaction(*in->store.database);
    auto& connection = transaction.connection();
    auto application = storage::find_application(connection, name.application);
    if (!application) {
        if (!creates) return PackageFailure{PackageFault::no_application};
        if (storage::count_applications(connection) >= static_cast<std::int64_t>(domain::kMostApplications))
            return PackageFailure{PackageFault::too_many_applications};
        application.emplace();
        application->id = name.application;
    }
    if (change.display_name) application->display_name = *change.display_name;
    if (change.allow_updates) application->allow_updates = *change.allow_updates;
    if (change.default_version) application->default_version = *change.default_version;
    auto const& chosen = application->default_version;
    if (!chosen.empty() && find_stored(*application, chosen) == nullptr)
        return PackageFailure{PackageFault::default_not_active};
    storage::put_application(transaction, *application);
    transaction.commit();
    return FoundApplication{std::move(in->account), *std::move(application)};
}

PackageResult<FoundApplication> find_application(World& world, ApplicationName const& name) {
    auto in = open_account(world, name);
    if (!in) return in.error();
    auto application = find_stored_application(*in, name.application);
    if (!application) return PackageFailure{PackageFault::no_application};
    return FoundApplication{std::move(in->account), *std::move(application)};
}

PackageResult<FoundApplications> list_applications(World& world, ApplicationName const& name) {
    auto in = open_account(world, name);
    if (!in) return in.error();
    storage::Snapshot snapshot(*in->store.database);
    auto applications =
        storage::list_applications(snapshot.connection(), "", static_cast<int>(domain::kMostApplications));
    return FoundApplications{std::move(in->account), std::move(applications)};
}

PackageResult<bool> remove_application(World& world, ApplicationName const& name) {
    Changing const changing(world);
    auto const in = open_account(world, name);
    if (!in) return in.error();
    auto const application = find_stored_application(*in, name.application);
    if (!application) return false;
    auto const& account = in->account.record.name;
    if (!list_records(world, account, application->id).empty())
        return PackageFailure{PackageFault::still_has_packages};
    auto const change = in->store.packages->remove_application(application->id);
    if (change == storage::PackageChange::still_has_packages)
        return PackageFailure{PackageFault::still_has_packages};
    if (auto const& storage = in->storage)
        delete_container(world, *storage, package_container(account, application->id));
    return change == storage::PackageChange::done;
}

}  // namespace bluebatch::emulator::resources::service
