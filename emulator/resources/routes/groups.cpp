#include "emulator/resources/service/groups.hpp"

#include "emulator/resources/regions.hpp"
#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/subscription.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/json_web_token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;
using storage::ResourceGroup;

constexpr std::size_t kLongestName = 90;
constexpr std::size_t kMostGroups = 980;

Json to_json(ResourceGroup const& group) {
    auto const document = wire::parse_object(group.document).value_or(Json::object());
    Json json{
        {"id", group_id(group.name)},
        {"name", group.name},
        {"type", "Microsoft.Resources/resourceGroups"},
        {"location", group.location}};
    for (auto const* const member : {"managedBy", "tags"})
        if (auto const* const value = wire::find(document, member)) json[member] = *value;
    json["properties"] = {{"provisioningState", "Succeeded"}};
    return json;
}

std::optional<ResourceGroup> find_group(Call const& call) {
    return service::find_group(call.world, call.path["name"]);
}

bool is_group_name(std::string_view name) {
    auto const is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_.()").find(c) != std::string_view::npos;
    };
    // Letters of other alphabets are letters, too.
    return !name.empty() && name.size() <= kLongestName && name.back() != '.' && base::is_valid_utf8(name) &&
           std::ranges::all_of(name, [&](char c) {
               return is_part(c) || static_cast<unsigned char>(c) >= 0x80U;
           });
}

std::string region_names() {
    std::string names;
    for (auto const& region : regions())
        names += (names.empty() ? "" : ",") + std::string{region.name};
    return names;
}

std::optional<Refusal> fault_of_new(std::string_view name, std::string_view location) {
    if (!is_group_name(name))
        return Refusal{
            400,
            "InvalidResourceGroup",
            fmt::format(
                "The provided resource group name '{}' has these invalid characters or a final '.', or is "
                "longer than {} characters. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.",
                name.substr(0, 128),
                kLongestName
            )};
    if (location.empty())
        return Refusal{400, "LocationRequired", "The location property is required for this definition."};
    if (!is_location(location))
        return Refusal{
            400,
            "LocationNotAvailableForResourceGroup",
            fmt::format(
                "The provided location '{}' is not available for resource group. List of available regions "
                "is '{}'.",
                location.substr(0, 64),
                region_names()
            )};
    return std::nullopt;
}

Result<Json> read_group(Call const& call) {
    auto body = read_body(call);
    if (!body) return body;
    if (auto const* const tags = wire::find(*body, "tags"))
        if (auto const fault = fault_of_tags(*tags)) return *fault;
    auto const* const manager = wire::find(*body, "managedBy");
    if (manager != nullptr && !manager->is_string())
        return Refusal{
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: 'Error reading string. Path "
            "'managedBy'.'."};
    return body;
}

void take_over(Json const& body, Json& document) {
    for (auto const* const member : {"managedBy", "tags"})
        if (auto const* const value = wire::find(body, member)) document[member] = *value;
}

Result<http::Response> put_group(Call const& call) {
    auto const body = read_group(call);
    if (!body) return body.error();
    auto const location = normal_location(wire::text_at(*body, {"location"}));
    if (auto const fault = fault_of_new(call.path["name"], location)) return *fault;
    Changing const changing(call.world);
    auto const old = find_group(call);
    if (old && old->location != location)
        return Refusal{
            409,
            "InvalidResourceGroupLocation",
            fmt::format(
                "Invalid resource group location '{}'. The Resource group already exists in location '{}'.",
                location,
                old->location
            )};
    if (!old && service::list_groups(call.world).size() >= kMostGroups)
        return Refusal{
            409,
            "ResourceGroupQuotaExceeded",
            fmt::format("The subscription has {} resource groups, which is the limit.", kMostGroups)};
    auto document = Json::object();
    take_over(*body, document);
    auto const name = old ? old->name : std::string{call.path["name"]};
    ResourceGroup const group{name, location, wire::dump(document), call.now};
    service::write_group(call.world, group);
    return wire::answer(to_json(group), old ? 200 : 201);
}

Result<http::Response> patch_group(Call const& call) {
    auto const body = read_group(call);
    if (!body) return body.error();
    Changing const changing(call.world);
    auto group = find_group(call);
    if (!group) return no_such_group(call.path["name"]);
    auto document = wire::parse_object(group->document).value_or(Json::object());
    take_over(*body, document);
    group->document = wire::dump(document);
    service::write_group(call.world, *group);
    return wire::answer(to_json(*group));
}

Result<http::Response> get_group(Call const& call) {
    auto const group = find_group(call);
    if (!group) return no_such_group(call.path["name"]);
    return wire::answer(to_json(*group));
}

Result<http::Response> group_exists(Call const& call) {
    return wire::empty_answer(find_group(call) ? 204 : 404);
}

struct TagFilter {
    std::string name;
    std::optional<std::string> value;
};

// "tagname eq 'a' and tagvalue eq 'b'", in any case.
std::optional<TagFilter> parse_tag_filter(std::string_view text) {
    constexpr std::string_view kName = "tagname eq '";
    constexpr std::string_view kValue = " and tagvalue eq '";
    if (!base::starts_with_ignoring_case(text, kName)) return std::nullopt;
    auto rest = text.substr(kName.size());
    auto const end = rest.find('\'');
    if (end == std::string_view::npos) return std::nullopt;
    TagFilter filter{std::string{rest.substr(0, end)}, std::nullopt};
    rest.remove_prefix(end + 1);
    if (rest.empty()) return filter;
    if (!base::starts_with_ignoring_case(rest, kValue) || rest.size() < kValue.size() + 1 ||
        rest.back() != '\'')
        return std::nullopt;
    filter.value = rest.substr(kValue.size(), rest.size() - kValue.size() - 1);
    return filter;
}

bool has_tag(Json const& group, TagFilter const& filter) {
    auto const* const tags = wire::find(group, "tags");
    if (tags == nullptr) return false;
    for (auto const& [name, value] : tags->items())
        if (base::equal_ignoring_case(name, filter.name) && (!filter.value || value == *filter.value))
            return true;
    return false;
}

Result<http::Response> list_groups(Call const& call) {
    std::optional<TagFilter> filter;
    if (auto const text = call.request.find_query_ignoring_case("$filter"); text && !text->empty()) {
        filter = parse_tag_filter(*text);
        if (!filter) return wire::not_emulated("$filter of groups other than by tagName and tagValue");
    }
    auto const top_text = call.request.find_query_ignoring_case("$top");
    auto const top = top_text ? base::parse_number<std::size_t>(*top_text) : kMostGroups;
    if (!top || *top == 0)
        return Refusal{400, "InvalidTopParameter", "The value of $top is not a positive number."};
    auto values = Json::array();
    for (auto const& group : service::list_groups(call.world)) {
        auto json = to_json(group);
        if (values.size() < *top && (!filter || has_tag(json, *filter))) values.push_back(std::move(json));
    }
    return wire::list_answer(std::move(values));
}

Result<http::Response> delete_group(Call const& call) {
    Changing const changing(call.world);
    auto const group = find_group(call);
    if (!group) return no_such_group(call.path["name"]);
    if (auto const name = service::find_lasting(call.world, group->name); !name.empty())
        return Refusal{
            409,
            "ScopeLocked",
            fmt::format(
                "The scope '{}' cannot perform delete operation because following scope(s) are locked: '{}'. "
                "It was given at the start of the emulator, which would make it again.",
                group_id(group->name),
                name
            )};
    service::remove_group(call.world, group->name);
    auto const job = fmt::format(
        R"({{"jobId":"RESOURCEGROUPDELETIONJOB-{}-{}","jobLocation":"{}"}})",
        base::to_upper(group->name),
        call.request_id,
        group->location
    );
    auto const operation = codec::to_base64url(job);
    return accept(
        call,
        {operation, fmt::format("/subscriptions/{}/operationresults/{}", kSubscription, operation), "", ""}
    );
}

constexpr std::string_view kPath = "/subscriptions/{subscription}/resourceGroups/{name}";
constexpr std::array<Route, 6> kGroupRoutes{{
    {get,
     "/subscriptions/{subscription}/resourceGroups",
     "",
     "Microsoft.Resources/subscriptions/resourceGroups/read",
     list_groups},
    {get, kPath, "", "Microsoft.Resources/subscriptions/resourceGroups/read", get_group},
    {head, kPath, "", "Microsoft.Resources/subscriptions/resourceGroups/read", group_exists},
    {put, kPath, "", "Microsoft.Resources/subscriptions/resourceGroups/write", put_group},
    {patch, kPath, "", "Microsoft.Resources/subscriptions/resourceGroups/write", patch_group},
    {remove, kPath, "", "Microsoft.Resources/subscriptions/resourceGroups/delete", delete_group},
}};

}  // namespace

std::span<Route const> group_routes() {
    return kGroupRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
