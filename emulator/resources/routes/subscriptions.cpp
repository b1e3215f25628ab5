#include "emulator/resources/regions.hpp"
#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/subscription.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

Json subscription(Call const& call) {
    return {
        {"id", fmt::format("/subscriptions/{}", kSubscription)},
        {"authorizationSource", "RoleBased"},
        {"managedByTenants", Json::array()},
        {"subscriptionId", kSubscription},
        // Tokens come from tenants of any id, which are all the same one here.
        {"tenantId", call.tenant_id},
        {"displayName", kSubscriptionName},
        {"state", "Enabled"},
        {"subscriptionPolicies",
         {{"locationPlacementId", "Public_2014-09-01"},
          {"quotaId", "PayAsYouGo_2014-09-01"},
          {"spendingLimit", "Off"}}}};
}

Result<http::Response> list_subscriptions(Call const& call) {
    auto values = Json::array();
    if (call.role != azure::Role::none) values.push_back(subscription(call));
    auto const count = values.size();
    return wire::answer({{"value", std::move(values)}, {"count", {{"type", "Total"}, {"value", count}}}});
}

Result<http::Response> get_subscription(Call const& call) {
    return wire::answer(subscription(call));
}

Result<http::Response> list_tenants(Call const& call) {
    constexpr std::string_view kDomain = "bluebatch.onmicrosoft.com";
    return wire::list_answer(Json::array({Json{
        {"id", fmt::format("/tenants/{}", call.tenant_id)},
        {"tenantId", call.tenant_id},
        {"countryCode", "DE"},
        {"displayName", kSubscriptionName},
        {"domains", Json::array({kDomain})},
        {"tenantCategory", "Home"},
        {"defaultDomain", kDomain},
        {"tenantType", "AAD"},
    }}));
}

Result<http::Response> list_locations(Call const&) {
    auto values = Json::array();
    for (auto const& region : regions())
        values.push_back({
            {"id", fmt::format("/subscriptions/{}/locations/{}", kSubscription, region.name)},
            {"name", region.name},
            {"type", "Region"},
            {"displayName", region.display_name},
            {"regionalDisplayName", fmt::format("({}) {}", region.group, region.display_name)},
            {"metadata",
             {{"regionType", "Physical"},
              {"regionCategory", "Recommended"},
              {"geographyGroup", region.group},
              {"longitude", region.longitude},
              {"latitude", region.latitude},
              {"physicalLocation", region.place},
              {"pairedRegion", Json::array()}}},
        });
    return wire::list_answer(std::move(values));
}

struct Provider {
    std::string_view name;
    std::array<std::string_view, 3> types;
    std::string_view version;  // the newest that was tried
};

constexpr std::array<Provider, 3> kProviders{{
    {"Microsoft.Batch", {"batchAccounts", "batchAccounts/pools", "locations"}, "2024-07-01"},
    {"Microsoft.Resources", {"subscriptions", "resourceGroups", "tenants"}, "2021-04-01"},
    {"Microsoft.Storage", {"storageAccounts", "storageAccounts/blobServices", "locations"}, "2022-09-01"},
}};

Json to_json(Provider const& provider) {
    auto locations = Json::array();
    for (auto const& region : regions())
        locations.push_back(region.display_name);
    auto types = Json::array();
    for (auto const type : provider.types)
        types.push_back(
            {{"resourceType", type}, {"locations", locations}, {"apiVersions", {provider.version}}}
        );
    return {
        {"id", fmt::format("/subscriptions/{}/providers/{}", kSubscription, provider.name)},
        {"namespace", provider.name},
        {"resourceTypes", std::move(types)},
        {"registrationState", "Registered"},
        {"registrationPolicy", "RegistrationRequired"}};
}

Result<http::Response> list_providers(Call const&) {
    auto values = Json::array();
    for (auto const& provider : kProviders)
        values.push_back(to_json(provider));
    return wire::list_answer(std::move(values));
}

Result<http::Response> get_provider(Call const& call) {
    auto const name = call.path["provider"];
    for (auto const& provider : kProviders)
        if (base::equal_ignoring_case(provider.name, name)) return wire::answer(to_json(provider));
    return wire::not_emulated(fmt::format("the resource provider {}", name.substr(0, 64)));
}

// Whether a $filter of resources asks for those of one group, and for nothing else.
std::optional<std::string_view> group_of_filter(std::string_view filter) {
    constexpr std::string_view kPrefix = "resourceGroup eq '";
    if (!base::starts_with_ignoring_case(filter, kPrefix) || !filter.ends_with('\'')) return std::nullopt;
    auto const name = filter.substr(kPrefix.size(), filter.size() - kPrefix.size() - 1);
    if (name.empty() || name.find('\'') != std::string_view::npos) return std::nullopt;
    return name;
}

void add_resources(
    Call const& call, domain::AccountKind kind, std::string_view type, std::string_view group, Json& values
) {
    for (auto const& account : service::list_accounts(call.world, kind, group)) {
        auto const document = wire::parse_object(account.record.document).value_or(Json::object());
        Json json{
            {"id", account_id(account.record.group, type, account.record.name)},
            {"name", account.record.name},
            {"type", type},
            {"location", account.record.location}};
        for (auto const* const member : {"sku", "kind", "tags"})
            if (auto const* const value = wire::find(document, member)) json[member] = *value;
        values.push_back(std::move(json));
    }
}

Result<http::Response> list_resources_of(Call const& call, std::string_view group) {
    auto values = Json::array();
    add_resources(call, domain::AccountKind::batch, kBatchAccounts, group, values);
    add_resources(call, domain::AccountKind::storage, kStorageAccounts, group, values);
    return wire::list_answer(std::move(values));
}

Result<http::Response> list_resources(Call const& call) {
    auto const filter = call.request.find_query_ignoring_case("$filter");
    if (!filter || filter->empty()) return list_resources_of(call, {});
    auto const group = group_of_filter(*filter);
    if (!group) return wire::not_emulated("$filter of resources other than by resourceGroup");
    return list_resources_of(call, *group);
}

Result<http::Response> list_resources_of_group(Call const& call) {
    if (call.request.find_query_ignoring_case("$filter"))
        return wire::not_emulated("$filter of the resources of a group");
    return list_resources_of(call, call.path["group"]);
}

constexpr std::string_view kReadSubscriptions = "Microsoft.Resources/subscriptions/read";
constexpr std::array<Route, 9> kSubscriptionRoutes{{
    {get, "/subscriptions", "", "", list_subscriptions},
    {get, "/tenants", "", "", list_tenants},
    {get, "/subscriptions/{subscription}", "", kReadSubscriptions, get_subscription},
    {get,
     "/subscriptions/{subscription}/locations",
     "",
     "Microsoft.Resources/subscriptions/locations/read",
     list_locations},
    {get,
     "/subscriptions/{subscription}/providers",
     "",
     "Microsoft.Resources/subscriptions/providers/read",
     list_providers},
    {get,
     "/subscriptions/{subscription}/providers/{provider}",
     "",
     "Microsoft.Resources/subscriptions/providers/read",
     get_provider},
    {post,
     "/subscriptions/{subscription}/providers/{provider}/register",
     "",
     "Microsoft.Resources/subscriptions/providers/register/action",
     get_provider},
    {get,
     "/subscriptions/{subscription}/resources",
     "",
     "Microsoft.Resources/subscriptions/resources/read",
     list_resources},
    {get,
     "/subscriptions/{subscription}/resourceGroups/{group}/resources",
     "",
     "Microsoft.Resources/subscriptions/resourceGroups/resources/read",
     list_resources_of_group},
}};

}  // namespace

std::span<Route const> subscription_routes() {
    return kSubscriptionRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
