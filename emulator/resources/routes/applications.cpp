#include "emulator/resources/routes/applications.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/package_files.hpp"
#include "emulator/resources/wire/application.hpp"
#include "emulator/resources/wire/container.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;
using service::PackageFault;

struct PackageRefusal {
    PackageFault fault;
    int status;
    std::string_view code;
    std::string_view message;
};
constexpr auto kPackageRefusals = std::to_array<PackageRefusal>({
    {PackageFault::no_application, 404, "ApplicationNotFound", "The specified application does not exist."},
    {PackageFault::no_package,
     404,
     "ApplicationPackageNotFound",
     "The specified application package does not exist."},
    {PackageFault::no_file,
     409,
     "ApplicationPackageBlobNotFound",
     "The specified application package cannot be activated because there is no file in its place."},
    {PackageFault::file_too_large,
     409,
     "ApplicationPackageTooLarge",
     "An application package has 2 GiB at most here."},
    {PackageFault::too_many_applications,
     409,
     "ApplicationQuotaReached",
     "The account has as many applications as it may have."},
    {PackageFault::too_many_packages,
     409,
     "ApplicationPackageQuotaReached",
     "The application has as many packages as it may have."},
    {PackageFault::updates_not_allowed,
     409,
     "ApplicationPackageUpdatesNotAllowed",
     "The application does not allow its packages to be replaced or deleted."},
    {PackageFault::is_default_version,
     409,
     "ApplicationPackageIsDefaultVersion",
     "The specified application package is the default version of its application."},
    {PackageFault::default_not_active,
     409,
     "RequestedDefaultVersionNotActive",
     "The specified default version is not active. It must be active before it can be the default version."},
    {PackageFault::still_has_packages,
     409,
     "ApplicationPackagesNotEmpty",
     "The application has packages, which must be deleted before it can be."},
});
static_assert(service::kLargestPackage == std::uint64_t{2} << 30, "the table says so");

Result<http::Response> write(Call const& call, bool creates) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const change = wire::read_application(*body);
    if (!change) return change.error();
    auto const written = service::write_application(call.world, name_of(call), creates, *change);
    if (!written) return refuse(call, written.error());
    return wire::answer(wire::to_json(id_of_batch(written->account), written->application));
}

Result<http::Response> put_application(Call const& call) {
    if (auto const account = require_account(call, domain::AccountKind::batch); !account)
        return account.error();
    if (!wire::is_application_name(call.path["application"]))
        return call.batch_refusal(
            400,
            "InvalidApplicationId",
            "An application has a name of 1 to 64 letters, digits, hyphens and underscores."
        );
    return write(call, true);
}

Result<http::Response> patch_application(Call const& call) {
    return write(call, false);
}

Result<http::Response> get_application(Call const& call) {
    auto const found = service::find_application(call.world, name_of(call));
    if (!found) return refuse(call, found.error());
    return wire::answer(wire::to_json(id_of_batch(found->account), found->application));
}

Result<http::Response> list_applications(Call const& call) {
    // An account has fewer than fit on a page, whatever maxresults says.
    auto const found = service::list_applications(call.world, name_of(call));
    if (!found) return refuse(call, found.error());
    auto values = Json::array();
    for (auto const& application : found->applications)
        values.push_back(wire::to_json(id_of_batch(found->account), application));
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_application(Call const& call) {
    auto const removed = service::remove_application(call.world, name_of(call));
    if (!removed) return refuse(call, removed.error());
    return wire::empty_answer(*removed ? 200 : 204);
}

constexpr std::string_view kApplications =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
    "applications";
constexpr std::string_view kApplication =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
    "applications/{application}";
constexpr std::string_view kReadApplications = "Microsoft.Batch/batchAccounts/applications/read";
constexpr std::string_view kWriteApplications = "Microsoft.Batch/batchAccounts/applications/write";
constexpr std::array<Route, 5> kApplicationRoutes{{
    {get, kApplications, "", kReadApplications, list_applications},
    {put, kApplication, "", kWriteApplications, put_application},
    {patch, kApplication, "", kWriteApplications, patch_application},
    {get, kApplication, "", kReadApplications, get_application},
    {remove, kApplication, "", "Microsoft.Batch/batchAccounts/applications/delete", delete_application},
}};

}  // namespace

service::ApplicationName name_of(Call const& call) {
    return {call.path["group"], call.path["account"], call.path["application"]};
}

std::string id_of_batch(service::Account const& account) {
    return account_id(account.record.group, kBatchAccounts, account.record.name);
}

Refusal refuse(Call const& call, service::PackageFailure const& failure) {
    switch (failure.fault) {
        case PackageFault::no_account:
            return no_such_account(call, domain::AccountKind::batch);
        case PackageFault::no_auto_storage:
            return no_auto_storage(call);
        case PackageFault::refused_by_blob:
            return wire::blob_refusal(failure.answer);
        default:
            break;
    }
    auto const& row = *std::ranges::find(kPackageRefusals, failure.fault, &PackageRefusal::fault);
    return call.batch_refusal(row.status, std::string{row.code}, row.message);
}

std::span<Route const> application_routes() {
    return kApplicationRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
