#include "emulator/resources/routes/applications.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/data_plane.hpp"
#include "emulator/resources/wire/application.hpp"
#include "emulator/storage/batch/application_store.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;
using storage::PackageChange;

constexpr int kMost = static_cast<int>(domain::kMostApplications);

std::optional<Refusal> fault_of_default(Call const& call, domain::Application const& application) {
    auto const& version = application.default_version;
    bool const is_active =
        version.empty() || std::ranges::any_of(application.packages, [&](auto const& package) {
            return base::equal_ignoring_case(package.version, version);
        });
    if (is_active) return std::nullopt;
    return call.batch_refusal(
        409,
        "RequestedDefaultVersionNotActive",
        "The specified default version is not active. It must be active before it can be the default version."
    );
}

Result<http::Response> write(
    Call const& call, ApplicationAccount const& account, Json const& body, bool creates
) {
    std::string const id{call.path["application"]};
    storage::Transaction transaction(*account.store.database);
    auto& connection = transaction.connection();
    auto application = storage::find_application(connection, id);
    if (!application) {
        if (!creates) return no_such_application(call);
        if (storage::count_applications(connection) >= kMost)
            return call.batch_refusal(
                409, "ApplicationQuotaReached", fmt::format("The account has {} applications.", kMost)
            );
        application.emplace();
        application->id = id;
    }
    if (auto const fault = wire::apply(body, *application)) return *fault;
    if (auto const fault = fault_of_default(call, *application)) return *fault;
    storage::put_application(transaction, *application);
    transaction.commit();
    return wire::answer(wire::to_json(account.id(), *application));
}

Result<http::Response> put_application(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const account = require_store(call);
    if (!account) return account.error();
    if (!wire::is_application_name(call.path["application"]))
        return call.batch_refusal(
            400,
            "InvalidApplicationId",
            "An application has a name of 1 to 64 letters, digits, hyphens and underscores."
        );
    return write(call, *account, *body, true);
}

Result<http::Response> patch_application(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto const account = require_store(call);
    if (!account) return account.error();
    return write(call, *account, *body, false);
}

Result<http::Response> get_application(Call const& call) {
    auto const account = require_store(call);
    if (!account) return account.error();
    auto const application = find_application(*account, call.path["application"]);
    if (!application) return no_such_application(call);
    return wire::answer(wire::to_json(account->id(), *application));
}

Result<http::Response> list_applications(Call const& call) {
    auto const account = require_store(call);
    if (!account) return account.error();
    // An account has fewer than fit on a page, whatever maxresults says.
    storage::Snapshot snapshot(*account->store.database);
    auto values = Json::array();
    for (auto const& application : storage::list_applications(snapshot.connection(), "", kMost))
        values.push_back(wire::to_json(account->id(), application));
    return wire::list_answer(std::move(values));
}

bool has_records(Call const& call, ApplicationAccount const& account, std::string_view application) {
    storage::Snapshot snapshot(call.world.database);
    return !storage::list_package_records(snapshot.connection(), account.account.record.name, application)
                .empty();
}

Refusal still_has_packages(Call const& call) {
    return call.batch_refusal(
        409,
        "ApplicationPackagesNotEmpty",
        "The application has packages, which must be deleted before it can be."
    );
}

void delete_container(Call const& call, ApplicationAccount const& account, std::string_view application) {
    auto const& storage_name = account.account.facts.auto_storage;
    auto const storage = call.accounts().find(domain::AccountKind::storage, storage_name);
    if (!storage) return;
    auto const container = wire::package_container(account.account.record.name, application);
    service::ask_blob(call.world, *storage, {remove, fmt::format("/{}?restype=container", container)});
}

Result<http::Response> delete_application(Call const& call) {
    auto const account = require_store(call);
    if (!account) return account.error();
    auto const application = find_application(*account, call.path["application"]);
    if (!application) return wire::empty_answer(204);
    if (has_records(call, *account, application->id)) return still_has_packages(call);
    auto const change = account->store.packages->remove_application(application->id);
    if (change == PackageChange::still_has_packages) return still_has_packages(call);
    delete_container(call, *account, application->id);
    return wire::empty_answer(change == PackageChange::done ? 200 : 204);
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

std::string ApplicationAccount::id() const {
    return account_id(account.record.group, kBatchAccounts, account.record.name);
}

Result<ApplicationAccount> require_store(Call const& call) {
    auto account = require_account(call, domain::AccountKind::batch);
    if (!account) return account.error();
    auto store = call.world.around.find_packages(account->facts.name);
    if (!store) throw std::runtime_error("an account without packages: " + account->facts.name);
    return ApplicationAccount{*std::move(account), *std::move(store)};
}

std::optional<domain::Application> find_application(ApplicationAccount const& account, std::string_view id) {
    storage::Snapshot snapshot(*account.store.database);
    return storage::find_application(snapshot.connection(), id);
}

Refusal no_such_application(Call const& call) {
    return call.batch_refusal(404, "ApplicationNotFound", "The specified application does not exist.");
}

std::span<Route const> application_routes() {
    return kApplicationRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
