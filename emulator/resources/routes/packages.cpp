#include "emulator/resources/routes/applications.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/package_files.hpp"
#include "emulator/resources/wire/application.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

wire::PackagePlace place_of(
    Call const& call, service::FoundPackage const& found, std::string_view permissions
) {
    constexpr auto kBefore = std::chrono::minutes{5};
    constexpr auto kAfter = std::chrono::hours{4};
    auto const now = call.world.around.clock.machine_now();
    auto const& storage = *found.storage;
    azure::ServiceSasOptions options;
    options.account = storage.name;
    options.key_base64 = storage.keys.front().base64;
    options.container = service::package_container(found.account.record.name, found.package.application);
    options.blob = found.package.version;
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

Result<http::Response> answer(
    Call const& call, service::PackageResult<service::FoundPackage> const& found, std::string_view permissions
) {
    if (!found) return refuse(call, found.error());
    std::optional<wire::PackagePlace> place;
    if (found->storage) place = place_of(call, *found, permissions);
    return wire::answer(wire::to_json(id_of_batch(found->account), found->package, place));
}

Result<http::Response> put_package(Call const& call) {
    auto const version = call.path["version"];
    if (!wire::is_version_name(version))
        return call.batch_refusal(
            400,
            "InvalidApplicationPackageVersion",
            "A version has a name of 1 to 64 letters, digits, hyphens, underscores and dots."
        );
    return answer(call, service::announce_package(call.world, name_of(call), version, call.now), "rw");
}

Result<http::Response> activate(Call const& call) {
    auto const body = read_body(call);
    if (!body) return body.error();
    if (!base::equal_ignoring_case(wire::text_at(*body, {"format"}), "zip"))
        return call.batch_refusal(
            400, "InvalidRequestBody", "The format of an application package is 'zip'."
        );
    auto const version = call.path["version"];
    return answer(call, service::activate_package(call.world, name_of(call), version, call.now), "rw");
}

Result<http::Response> get_package(Call const& call) {
    return answer(call, service::find_package(call.world, name_of(call), call.path["version"]), "r");
}

Result<http::Response> list_packages(Call const& call) {
    auto const found = service::list_packages(call.world, name_of(call));
    if (!found) return refuse(call, found.error());
    auto values = Json::array();
    for (auto const& package : found->packages)
        values.push_back(wire::to_json(id_of_batch(found->account), package, std::nullopt));
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_package(Call const& call) {
    auto const removed = service::remove_package(call.world, name_of(call), call.path["version"]);
    if (!removed) return refuse(call, removed.error());
    return wire::empty_answer(*removed ? 200 : 204);
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
