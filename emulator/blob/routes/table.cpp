#include "emulator/blob/routes/handlers.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::blob::routes {
namespace {

using azure::StorageErrorCode;
using enum http::Verb;
using enum Level;

constexpr auto kNoBody = BodyKind::none;
constexpr auto kXml = BodyKind::xml;

// Who may, besides the account's key: the resource type and the permissions of a SAS, whether a SAS of a
// container or blob will do, and what a container must allow to anybody.
constexpr Need kKeyOnly{'o', {}, ServiceSas::none, PublicRead::none, BearerToken::refused};
constexpr Need kTokenOnly{'o', {}, ServiceSas::none, PublicRead::none, BearerToken::required};
constexpr Need kAnySas{kAnyResourceType, "racwdxltmeiopfuy", ServiceSas::blob, PublicRead::none};

constexpr Need kFindTags{'o', "f", ServiceSas::none, PublicRead::none};

constexpr Need of_service(std::string_view permissions) {
    return {'s', permissions, ServiceSas::none, PublicRead::none};
}
constexpr Need of_container(std::string_view permissions) {
    return {'c', permissions, ServiceSas::none, PublicRead::none};
}
constexpr Need of_public_container(std::string_view permissions) {
    return {'c', permissions, ServiceSas::none, PublicRead::container};
}
constexpr Need of_list(std::string_view permissions) {
    return {'c', permissions, ServiceSas::container, PublicRead::container};
}
constexpr Need of_blob(std::string_view permissions) {
    return {'o', permissions, ServiceSas::blob, PublicRead::none};
}
constexpr Need of_public_blob(std::string_view permissions) {
    return {'o', permissions, ServiceSas::blob, PublicRead::blob};
}

// The first row that fits is taken, so rows with a header stand before those without.
// clang-format off
constexpr auto kRoutes = std::to_array<Route>({
    {service, get,    "",          "list",           "", "List Containers",            of_service("l"),  kNoBody, &list_containers},
    {service, get,    "service",   "properties",     "", "Get Blob Service Properties", of_service("r"), kNoBody, &get_service_properties},
    {service, put,    "service",   "properties",     "", "Set Blob Service Properties", of_service("w"), kXml,    &set_service_properties},
    {service, get,    "service",   "stats",          "", "Get Blob Service Stats",     of_service("r"),  kNoBody, &get_service_stats},
    {service, post,   "service",   "userdelegationkey", "", "Get User Delegation Key", kTokenOnly,       kXml,    &get_user_delegation_key},
    {service, get,    "account",   "properties",     "", "Get Account Information",    kAnySas,          kNoBody, &get_account_information},
    {service, post,   "",          "batch",          "", "Blob Batch",                 kAnySas,          BodyKind::batch, &submit_batch},
    // The JavaScript SDK takes the account of path style for a container.
    {service, post,   "container", "batch",          "", "Blob Batch",                 kAnySas,          BodyKind::batch, &submit_batch},
    {service, get,    "",          "blobs",          "", "Find Blobs by Tags",         kFindTags,        kNoBody, &find_blobs_by_tags},

    {container, put,    "container", "",           "", "Create Container",         of_container("cw"), kNoBody, &create_container},
    {container, get,    "container", "",           "", "Get Container Properties", of_public_container("r"), kNoBody, &get_container},
    {container, remove, "container", "",           "", "Delete Container",         of_container("d"),  kNoBody, &delete_container},
    {container, get,    "container", "metadata",   "", "Get Container Metadata",   of_public_container("r"), kNoBody, &get_container_metadata},
    {container, put,    "container", "metadata",   "", "Set Container Metadata",   of_container("w"),  kNoBody, &set_container_metadata},
    {container, get,    "container", "acl",        "", "Get Container ACL",        kKeyOnly,           kNoBody, &get_container_acl},
    {container, put,    "container", "acl",        "", "Set Container ACL",        kKeyOnly,           kXml,    &set_container_acl},
    {container, put,    "container", "lease",      "x-ms-lease-action=break", "Lease Container", of_container("wd"), kNoBody, &lease_container},
    {container, put,    "container", "lease",      "", "Lease Container",          of_container("w"),  kNoBody, &lease_container},
    {container, get,    "container", "list",       "", "List Blobs",               of_list("l"),       kNoBody, &list_blobs},
    {container, put,    "container", "undelete",   "", "Restore Container",        of_container("w"),  kNoBody, &restore_container},
    {container, post,   "container", "batch",      "", "Blob Batch",               kAnySas,            BodyKind::batch, &submit_batch},
    {container, get,    "container", "blobs",      "", "Find Blobs by Tags in Container", of_list("f"), kNoBody, &find_blobs_by_tags_in_container},
    {container, get,    "account",   "properties", "", "Get Account Information",  kAnySas,            kNoBody, &get_account_information},

    {blob, get,    "",        "",           "", "Get Blob",            of_public_blob("r"), kNoBody, &get_blob, States::any},
    {blob, head,   "",        "",           "", "Get Blob Properties", of_public_blob("r"), kNoBody, &get_blob_properties, States::any},
    {blob, get,    "",        "metadata",   "", "Get Blob Metadata",   of_public_blob("r"), kNoBody, &get_blob_metadata, States::any},
    {blob, get,    "",        "blocklist",  "", "Get Block List",      of_public_blob("r"), kNoBody, &get_block_list, States::snapshots},
    {blob, get,    "",        "tags",       "", "Get Blob Tags",       of_blob("t"),        kNoBody, &get_blob_tags, States::any},
    {blob, get,    "",        "pagelist",   "", "Get Page Ranges",     of_public_blob("r"), kNoBody, &get_page_ranges, States::snapshots},
    {blob, get,    "account", "properties", "", "Get Account Information", kAnySas,         kNoBody, &get_account_information},
    {blob, put,    "",        "",           "x-ms-requires-sync",           "Copy Blob From URL", of_blob("cw"), kNoBody, &copy_blob_from_url},
    {blob, put,    "",        "",           "x-ms-copy-source & type",      "Put Blob From URL",  of_blob("cw"), kNoBody, &put_blob_from_url},
    {blob, put,    "",        "",           "x-ms-blob-type=AppendBlob",    "Put Blob (append blob)", of_blob("cw"), kNoBody, &put_append_blob},
    {blob, put,    "",        "",           "x-ms-blob-type=PageBlob",      "Put Blob (page blob)", of_blob("cw"), kNoBody, &put_page_blob},
    {blob, put,    "",        "",           "x-ms-copy-source",             "Copy Blob",          of_blob("cw"), kNoBody, &copy_blob},
    {blob, put,    "",        "",           "",                             "Put Blob",           of_blob("cw"), BodyKind::blob, &put_blob},
    {blob, put,    "",        "block",      "x-ms-copy-source",             "Put Block From URL", of_blob("cw"), kNoBody, &put_block_from_url},
    {blob, put,    "",        "block",      "",                             "Put Block",          of_blob("cw"), BodyKind::block, &put_block},
    {blob, put,    "",        "blocklist",  "",                             "Put Block List",     of_blob("cw"), kXml,    &put_block_list},
    {blob, put,    "",        "properties", "", "Set Blob Properties", of_blob("w"),  kNoBody, &set_blob_properties},
    {blob, put,    "",        "metadata",   "", "Set Blob Metadata",   of_blob("w"),  kNoBody, &set_blob_metadata},
    {blob, put,    "",        "tier",       "", "Set Blob Tier",       of_blob("w"),  kNoBody, &set_blob_tier, States::any},
    {blob, put,    "",        "lease",      "x-ms-lease-action=break", "Lease Blob", of_blob("wd"), kNoBody, &lease_blob},
    {blob, put,    "",        "lease",      "", "Lease Blob",          of_blob("w"),  kNoBody, &lease_blob},
    {blob, put,    "",        "copy",       "", "Abort Copy Blob",     of_blob("w"),  kNoBody, &abort_copy_blob},
    {blob, put,    "",        "snapshot",   "", "Snapshot Blob",       of_blob("cw"), kNoBody, &snapshot_blob},
    {blob, put,    "",        "undelete",   "", "Undelete Blob",       of_blob("w"),  kNoBody, &undelete_blob},
    {blob, put,    "",        "tags",       "", "Set Blob Tags",       of_blob("t"),  kXml,    &set_blob_tags, States::versions},
    {blob, put,    "",        "page",       "x-ms-copy-source", "Put Page From URL", of_blob("w"), kNoBody, &put_page_from_url},
    {blob, put,    "",        "page",       "", "Put Page",            of_blob("w"),  BodyKind::page, &put_page},
    {blob, put,    "",        "incrementalcopy", "", "Incremental Copy Blob", of_blob("cw"), kNoBody, &copy_incrementally},
    {blob, put,    "",        "appendblock", "x-ms-copy-source", "Append Block From URL", of_blob("aw"), kNoBody, &append_block_from_url},
    {blob, put,    "",        "appendblock", "", "Append Block",       of_blob("aw"), BodyKind::append, &append_block},
    {blob, put,    "",        "seal",       "", "Append Blob Seal",    of_blob("aw"), kNoBody, &seal_blob},
    {blob, put,    "",        "expiry",     "", "Set Blob Expiry",     of_blob("w"),  kNoBody, &set_blob_expiry},
    {blob, put,    "",        "immutabilityPolicies", "", "Set Blob Immutability Policy", of_blob("i"), kNoBody, &set_immutability_policy, States::any},
    {blob, remove, "",        "immutabilityPolicies", "", "Delete Blob Immutability Policy", of_blob("i"), kNoBody, &delete_immutability_policy, States::any},
    {blob, put,    "",        "legalhold",  "", "Set Blob Legal Hold", of_blob("i"),  kNoBody, &set_legal_hold, States::any},
    {blob, post,   "",        "query",      "", "Query Blob Contents", of_blob("r"),  kXml,    &query_blob_contents, States::any},
    {blob, remove, "",        "",           "?deletetype=permanent", "Delete Blob (for good)", of_blob("y"), kNoBody, &delete_blob, States::any},
    {blob, remove, "",        "",           "?versionid", "Delete Blob (a version)", of_blob("x"), kNoBody, &delete_blob, States::any},
    {blob, remove, "",        "",           "", "Delete Blob",         of_blob("d"),  kNoBody, &delete_blob, States::any},
});
// clang-format on

bool fits_header(std::string_view wanted, http::RequestHead const& head) {
    if (wanted.empty()) return true;
    auto const& headers = head.headers;
    if (wanted == "x-ms-copy-source & type")
        return headers.has("x-ms-copy-source") && headers.has("x-ms-blob-type");
    bool const is_parameter = wanted.starts_with('?');
    if (is_parameter) wanted.remove_prefix(1);
    auto const equals = wanted.find('=');
    auto const name = wanted.substr(0, equals);
    auto const value = is_parameter ? head.find_query(name) : headers.find(name);
    // An empty parameter is none: `versionid=` names the blob itself.
    if (!value || (is_parameter && value->empty())) return false;
    return equals == std::string_view::npos || base::equal_ignoring_case(*value, wanted.substr(equals + 1));
}

}  // namespace

azure::StorageResult<Route const*> find_route(http::RequestHead const& head, Level level) {
    auto const restype = head.find_query("restype").value_or("");
    auto const comp = head.find_query("comp").value_or("");
    bool is_known_resource = false;
    auto const find = [&](http::Verb verb) -> Route const* {
        for (auto const& route : kRoutes) {
            if (route.level != level || route.restype != restype || route.comp != comp) continue;
            is_known_resource = true;
            if (route.verb == verb && fits_header(route.header, head)) return &route;
        }
        return nullptr;
    };
    if (auto const* const route = find(head.verb)) return route;
    // Every GET has its HEAD.
    if (head.verb == http::Verb::head) {
        if (auto const* const route = find(http::Verb::get)) return route;
    }
    if (is_known_resource) return StorageErrorCode::unsupported_http_verb;
    if (!comp.empty()) return azure::invalid_query_parameter("comp", comp, "");
    if (!restype.empty()) return azure::invalid_query_parameter("restype", restype, "");
    return azure::StorageError{
        StorageErrorCode::missing_required_query_parameter, {{"QueryParameterName", "comp"}}};
}

std::optional<azure::StorageError> find_state_fault(Route const& route, Address const& address) {
    bool const takes_snapshots = route.states == States::snapshots || route.states == States::any;
    bool const takes_versions = route.states == States::versions || route.states == States::any;
    bool const fits = (!address.snapshot || takes_snapshots) && (!address.version || takes_versions);
    if (!fits) return StorageErrorCode::invalid_operation;
    if (!address.snapshot || !address.version) return std::nullopt;
    return azure::invalid_query_parameter("versionid", "", "It can't go with a snapshot.");
}

std::span<Route const> all_routes() {
    return kRoutes;
}

}  // namespace bluebatch::emulator::blob::routes
