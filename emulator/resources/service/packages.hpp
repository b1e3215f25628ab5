#pragma once

#include "emulator/domain/application.hpp"
#include "emulator/resources/package.hpp"
#include "emulator/resources/service/accounts.hpp"
#include "shared/base/result.hpp"
#include "shared/http/client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Applications of Batch accounts and their packages. What nodes can have is in the account's store; a record
// says what was announced, and has a file in the account's auto storage.
namespace bluebatch::emulator::resources::service {

enum class PackageFault : std::uint8_t {
    no_account,
    no_application,
    no_package,
    no_auto_storage,
    no_file,
    file_too_large,
    too_many_applications,
    too_many_packages,
    updates_not_allowed,
    is_default_version,
    default_not_active,
    still_has_packages,
    refused_by_blob,  // see `answer`
};
struct PackageFailure {
    PackageFault fault;
    http::IncomingResponse answer = {};
};
[[noreturn]] void throw_exception_from_error(PackageFailure const& failure, boost::source_location const&);

template <class T>
using PackageResult = base::Result<T, PackageFailure>;

// Where an application is, or is to be.
struct ApplicationName {
    std::string_view group;
    std::string_view account;
    std::string_view application;
};

struct FoundApplication {
    Account account;
    domain::Application application;
};
struct FoundApplications {
    Account account;
    std::vector<domain::Application> applications;
};
// Makes one where there is none and `creates`.
PackageResult<FoundApplication> write_application(
    World& world, ApplicationName const& name, bool creates, ApplicationChange const& change
);
PackageResult<FoundApplication> find_application(World& world, ApplicationName const& name);
// `name` has an account only.
PackageResult<FoundApplications> list_applications(World& world, ApplicationName const& name);
// False: there is none.
PackageResult<bool> remove_application(World& world, ApplicationName const& name);

struct FoundPackage {
    Account account;
    Package package;
    // That its file is in; nothing for one that came another way.
    std::optional<domain::Account> storage;
};
struct FoundPackages {
    Account account;
    std::vector<Package> packages;
};
// Makes the place that its file is to go to.
PackageResult<FoundPackage> announce_package(
    World& world, ApplicationName const& name, std::string_view version, base::TimePoint now
);
// Takes a copy of its file for the nodes.
PackageResult<FoundPackage> activate_package(
    World& world, ApplicationName const& name, std::string_view version, base::TimePoint now
);
PackageResult<FoundPackage> find_package(World& world, ApplicationName const& name, std::string_view version);
PackageResult<FoundPackages> list_packages(World& world, ApplicationName const& name);
// False: there is none.
PackageResult<bool> remove_package(World& world, ApplicationName const& name, std::string_view version);

}  // namespace bluebatch::emulator::resources::service
