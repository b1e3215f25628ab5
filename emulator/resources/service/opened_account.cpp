#include "emulator/resources/service/opened_account.hpp"

#include "emulator/storage/batch/application_store.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace bluebatch::emulator::resources::service {

namespace {

std::optional<domain::Account> find_storage(World& world, Account const& account) {
    auto const& name = account.facts.auto_storage;
    auto storage =
        name.empty() ? std::nullopt : world.around.accounts.find(domain::AccountKind::storage, name);
    if (storage && storage->keys.empty()) return std::nullopt;
    return storage;
}

}  // namespace

void throw_exception_from_error(PackageFailure const&, boost::source_location const&) {
    throw std::logic_error("an unchecked failure of an application package");
}

PackageResult<OpenedAccount> open_account(World& world, ApplicationName const& name) {
    auto account = find_account(world, domain::AccountKind::batch, name.group, name.account);
    if (!account) return PackageFailure{PackageFault::no_account};
    auto storage = find_storage(world, *account);
    auto store = world.around.find_packages(account->facts.name);
    // It has just been deleted.
    if (!store) return PackageFailure{PackageFault::no_account};
    return OpenedAccount{*std::move(account), std::move(storage), *std::move(store)};
}

std::optional<domain::Application> find_stored_application(OpenedAccount const& in, std::string_view id) {
    storage::Snapshot snapshot(*in.store.database);
    return storage::find_application(snapshot.connection(), id);
}

domain::ApplicationPackage const* find_stored(
    domain::Application const& application, std::string_view version
) {
    auto const found = std::ranges::find_if(application.packages, [&](auto const& package) {
        return base::equal_ignoring_case(package.version, version);
    });
    return found == application.packages.end() ? nullptr : &*found;
}

std::vector<storage::PackageRecord> list_records(
    World& world, std::string_view account, std::string_view application
) {
    storage::Snapshot snapshot(world.database);
    return storage::list_package_records(snapshot.connection(), account, application);
}

}  // namespace bluebatch::emulator::resources::service
