#include "emulator/resources/wire/application.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr std::string_view kApplications = "Microsoft.Batch/batchAccounts/applications";
constexpr std::string_view kVersions = "Microsoft.Batch/batchAccounts/applications/versions";
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestDisplayName = 1024;

bool is_name(std::string_view text, std::string_view more) {
    auto const is_part = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               more.find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, is_part);
}

// Another one for every other content.
std::string content_tag(Json const& json) {
    constexpr std::size_t kDigits = 15;
    return fmt::format(
        "W/\"0x{}\"", base::to_upper(base::to_hex(base::sha256(dump(json))).substr(0, kDigits))
    );
}

}  // namespace

bool is_application_name(std::string_view name) {
    return is_name(name, "-_");
}

bool is_version_name(std::string_view name) {
    return is_name(name, "-_.");
}

Result<ApplicationChange> read_application(Json const& body) {
    ApplicationChange change;
    auto const found = find_properties(body);
    if (!found) return found.error();
    auto const* const properties = *found;
    if (properties == nullptr) return change;
    if (auto const* const name = find(*properties, "displayName")) {
        if (!name->is_string() || name->get_ref<std::string const&>().size() > kLongestDisplayName)
            return bad_member("displayName");
        change.display_name = name->get<std::string>();
    }
    if (auto const* const allowed = find(*properties, "allowUpdates")) {
        if (!allowed->is_boolean()) return bad_member("allowUpdates");
        change.allow_updates = allowed->get<bool>();
    }
    if (auto const* const version = find(*properties, "defaultVersion")) {
        if (!version->is_string()) return bad_member("defaultVersion");
        change.default_version = version->get<std::string>();
    }
    return change;
}

Json to_json(std::string_view account_id, domain::Application const& application) {
    auto properties = Json::object();
    if (!application.display_name.empty()) properties["displayName"] = application.display_name;
    properties["allowUpdates"] = application.allow_updates;
    if (!application.default_version.empty()) properties["defaultVersion"] = application.default_version;
    auto const tag = content_tag(properties);
    return {
        {"type", kApplications},
        {"id", fmt::format("{}/applications/{}", account_id, application.id)},
        {"name", application.id},
        {"etag", tag},
        {"properties", std::move(properties)}};
}

Json to_json(std::string_view account_id, Package const& package, std::optional<PackagePlace> const& place) {
    auto properties = Json::object();
    if (place) {
        properties["storageUrl"] = place->url;
        properties["storageUrlExpiry"] = base::to_iso8601(place->expiry);
    }
    properties["state"] = package.is_active ? "Active" : "Pending";
    if (package.is_active) properties["format"] = "zip";
    if (package.activated) properties["lastActivationTime"] = base::to_iso8601(*package.activated);
    return {
        {"type", kVersions},
        {"id",
         fmt::format("{}/applications/{}/versions/{}", account_id, package.application, package.version)},
        {"name", package.version},
        {"etag", "W/\"" + base::to_etag(package.changed) + "\""},
        {"properties", std::move(properties)}};
}

}  // namespace bluebatch::emulator::resources::wire
