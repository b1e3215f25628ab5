#include "emulator/resources/routes/applications.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/package_files.hpp"
#include "emulator/resources/wire/application.hpp"
#include "emulator/storage/batch/application_store.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;
using storage::PackageChange;
using storage::PackageRecord;

// A version that the path names, of an application that there is.
struct Version {
    ApplicationAccount account;
    domain::Application application;
    std::string name;

    std::string const& account_name() const { return account.account.record.name; }
};

Result<Version> require_application(Call const& call) {
    auto account = require_store(call);
    if (!account) return account.error();
    auto application = find_application(*account, call.path["application"]);
    if (!application) return no_such_application(call);
    return Version{*std::move(account), *std::move(application), std::string{call.path["version"]}};
}

Refusal no_such_package(Call const& call) {
    return call.batch_refusal(
        404, "ApplicationPackageNotFound", "The specified application package does not exist."
    );
}

Refusal updates_not_allowed(Call const& call) {
    return call.batch_refusal(
        409,
        "ApplicationPackageUpdatesNotAllowed",
        "The application does not allow its packages to be replaced or deleted."
    );
}

// What nodes can have is in the store; the record knows what was given beside it.
wire::Package join(
    domain::Application const& application,
    domain::ApplicationPackage const* stored,
    std::optional<PackageRecord> const& record
) {
    wire::Package package;
    package.application = application.id;
    package.version = record ? record->version : stored->version;
    package.is_active = stored != nullptr;
    package.changed = record ? record->changed : stored->last_modified;
    if (stored == nullptr) return package;
    package.format = "zip";
    package.activated =
        record && record->activated ? record->activated : std::optional{stored->last_modified};
    return package;
}

domain::ApplicationPackage const* find_stored(
    domain::Application const& application, std::string_view version
) {
    auto const found = std::ranges::find_if(application.packages, [&](auto const& package) {
        return base::equal_ignoring_case(package.version, version);
    });
    return found == application.packages.end() ? nullptr : &*found;
}

std::optional<PackageRecord> find_record(Call const& call, Version const& version) {
    storage::Snapshot snapshot(call.world.database);
    return storage::find_package_record(
        snapshot.connection(), version.account_name(), version.application.id, version.name
    );
}

std::optional<wire::Package> find_package(Call const& call, Version const& version) {
    auto const record = find_record(call, version);
    auto const* const stored = find_stored(version.application, version.name);
    if (!record && stored == nullptr) return std::nullopt;
    return join(version.application, stored, record);
}

// The storage account that packages come through.
Result<domain::Account> require_storage(Call const& call, ApplicationAccount const& account) {
    auto const& name = account.account.facts.auto_storage;
    auto storage = name.empty() ? std::nullopt : call.accounts().find(domain::AccountKind::storage, name);
    if (storage && !storage->keys.empty()) return *std::move(storage);
    return call.batch_refusal(
        409, "AccountHasNoAutoStorage", "The specified account does not have auto storage configured."
    );
}

wire::PackagePlace place_of(
    Call const& call,
    Version const& version,
    wire::Package const& package,
    domain::Account const& storage,
    std::string_view permissions
) {
    constexpr auto kBefore = std::chrono::minutes{5};
    constexpr auto kAfter = std::chrono::hours{4};
    auto const now = call.world.around.clock.machine_now();
    azure::ServiceSasOptions options;
    options.account = storage.name;
    options.key_base64 = storage.keys.front().base64;
    options.container = wire::package_container(version.account_name(), version.application.id);
    options.blob = package.version;
    options.permissions = permissions;
    options.start = now - kBefore;
    options.expiry = now + kAfter;
    auto const sas = azure::make_service_sas(options);
    return {
        fmt::format(
            "https://{}.blob.core.windows.net/{}/{}?{}", storage.name, options.container, options.blob, sas
        ),
        *options.expiry};
}

http::Response answer(
    Call const& call,
    Version const& version,
    wire::Package const& package,
    domain::Account const& storage,
    std::string_view permissions
) {
    return wire::answer(
        wire::to_json(version.account.id(), package, place_of(call, version, package, storage, permissions))
    );
}

std::size_t count_versions(Call const& call, Version const& version) {
    storage::Snapshot snapshot(call.world.database);
    auto const records =
        storage::list_package_records(snapshot.connection(), version.account_name(), version.application.id);
    auto count = version.application.packages.size();
    for (auto const& record : records)
        count += find_stored(version.application, record.version) == nullptr ? 1U : 0U;
    return count;
}

void write_record(Call const& call, PackageRecord const& record) {
    storage::Transaction transaction(call.world.database);
    storage::put_package_record(transaction, record);
    transaction.commit();
}

Result<http::Response> put_package(Call const& call) {
    auto const version = require_application(call);
    if (!version) return version.error();
    auto const storage = require_storage(call, version->account);
    if (!storage) return storage.error();
    if (!wire::is_version_name(version->name))
        return call.batch_refusal(
            400,
            "InvalidApplicationPackageVersion",
            "A version has a name of 1 to 64 letters, digits, hyphens, underscores and dots."
        );
    std::scoped_lock const lock(call.world.changing);
    auto const old = find_package(call, *version);
    if (old && old->is_active && !version->application.allow_updates) return updates_not_allowed(call);
    if (!old && count_versions(call, *version) >= domain::kMostPackages)
        return call.batch_refusal(
            409,
            "ApplicationPackageQuotaReached",
            fmt::format("The application has {} packages.", domain::kMostPackages)
        );
    auto const container = wire::package_container(version->account_name(), version->application.id);
    if (auto const fault = service::make_container(call.world, *storage, container)) return *fault;
    PackageRecord record{
        version->account_name(), version->application.id, version->name, std::nullopt, call.now};
    if (old) record.version = old->version;
    if (old && old->is_active) record.activated = old->activated;
    write_record(call, record);
    auto const* const stored = find_stored(version->application, version->name);
    return answer(call, *version, join(version->application, stored, record), *storage, "rw");
}

Refusal refuse_change(Call const& call, PackageChange change) {
    if (change == PackageChange::updates_not_allowed) return updates_not_allowed(call);
    if (change == PackageChange::too_many)
        return call.batch_refusal(
            409, "ApplicationPackageQuotaReached", "The account or the application has too many packages."
        );
    return no_such_package(call);
}

Result<http::Response> activate(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    auto version = require_application(call);
    if (!version) return version.error();
    if (!base::equal_ignoring_case(wire::text_at(*body, {"format"}), "zip"))
        return call.batch_refusal(
            400, "InvalidRequestBody", "The format of an application package is 'zip'."
        );
    auto const storage = require_storage(call, version->account);
    if (!storage) return storage.error();
    auto const package = find_package(call, *version);
    if (!package) return no_such_package(call);
    auto file = service::fetch_package(
        call.world,
        *storage,
        wire::package_container(version->account_name(), version->application.id),
        package->version
    );
    if (!file) return file.error();
    if (!*file)
        return call.batch_refusal(
            409,
            "ApplicationPackageBlobNotFound",
            "The specified application package cannot be activated because there is no file in its place."
        );
    auto const change = version->account.store.packages->put(
        version->application.id, package->version, (*file)->path(), call.now
    );
    if (change != PackageChange::done) return refuse_change(call, change);
    write_record(
        call, {version->account_name(), version->application.id, package->version, call.now, call.now}
    );
    auto const now_there = require_application(call);
    if (!now_there) return now_there.error();
    auto const active = find_package(call, *now_there);
    if (!active) return no_such_package(call);
    return answer(call, *now_there, *active, *storage, "rw");
}

Result<http::Response> get_package(Call const& call) {
    auto const version = require_application(call);
    if (!version) return version.error();
    auto const package = find_package(call, *version);
    if (!package) return no_such_package(call);
    auto const storage = require_storage(call, version->account);
    // One that came without the resource manager has no file there.
    if (!storage) return wire::answer(wire::to_json(version->account.id(), *package, std::nullopt));
    return answer(call, *version, *package, *storage, "r");
}

Result<http::Response> list_packages(Call const& call) {
    auto const version = require_application(call);
    if (!version) return version.error();
    auto const& application = version->application;
    storage::Snapshot snapshot(call.world.database);
    auto const records =
        storage::list_package_records(snapshot.connection(), version->account_name(), application.id);
    std::vector<wire::Package> packages;
    for (auto const& record : records)
        packages.push_back(join(application, find_stored(application, record.version), record));
    for (auto const& stored : application.packages) {
        bool const has_record = std::ranges::any_of(records, [&](auto const& record) {
            return base::equal_ignoring_case(record.version, stored.version);
        });
        if (!has_record) packages.push_back(join(application, &stored, std::nullopt));
    }
    std::ranges::sort(packages, {}, &wire::Package::version);
    auto values = Json::array();
    for (auto const& package : packages)
        values.push_back(wire::to_json(version->account.id(), package, std::nullopt));
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_package(Call const& call) {
    auto const version = require_application(call);
    if (!version) return version.error();
    auto const package = find_package(call, *version);
    if (!package) return wire::empty_answer(204);
    if (base::equal_ignoring_case(version->application.default_version, package->version))
        return call.batch_refusal(
            409,
            "ApplicationPackageIsDefaultVersion",
            "The specified application package is the default version of its application."
        );
    if (package->is_active) {
        auto const change =
            version->account.store.packages->remove(version->application.id, package->version);
        if (change == PackageChange::updates_not_allowed) return updates_not_allowed(call);
    }
    if (auto const storage = require_storage(call, version->account))
        service::delete_package_file(
            call.world,
            *storage,
            wire::package_container(version->account_name(), version->application.id),
            package->version
        );
    storage::Transaction transaction(call.world.database);
    storage::delete_package_record(
        transaction, version->account_name(), version->application.id, package->version
    );
    transaction.commit();
    return wire::empty_answer(200);
}

constexpr std::string_view kVersions =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
    "applications/{application}/versions";
constexpr std::string_view kVersion =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
    "applications/{application}/versions/{version}";
constexpr std::string_view kReadPackages = "Microsoft.Batch/batchAccounts/applications/versions/read";
constexpr std::array<Route, 5> kPackageRoutes{{
    {get, kVersions, "", kReadPackages, list_packages},
    {put, kVersion, "", "Microsoft.Batch/batchAccounts/applications/versions/write", put_package},
    {get, kVersion, "", kReadPackages, get_package},
    {remove, kVersion, "", "Microsoft.Batch/batchAccounts/applications/versions/delete", delete_package},
    {post,
     "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/batchAccounts/{account}/"
     "applications/{application}/versions/{version}/activate",
     "",
     "Microsoft.Batch/batchAccounts/applications/versions/activate/action",
     activate},
}};

}  // namespace

std::span<Route const> package_routes() {
    return kPackageRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
