#include "emulator/resources/wire/container.hpp"

#include "emulator/resources/wire/storage_account.hpp"
#include "shared/base/text.hpp"
#include "shared/base/time.hpp"
#include "shared/codec/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr std::string_view kContainerType = "Microsoft.Storage/storageAccounts/blobServices/containers";
constexpr std::string_view kMetadata = "x-ms-meta-";
constexpr std::string_view kRequestId = "RequestId:";

std::string capitalized(std::string_view word) {
    std::string text{word};
    if (!text.empty()) text.front() = base::to_upper(text.substr(0, 1)).front();
    return text;
}

// "Mon, 26 Mar 2018 05:06:14 GMT" -> "2018-03-26T05:06:14.0000000Z"
std::string time_text(std::string_view rfc1123) {
    auto const time = base::parse_rfc1123(rfc1123);
    return time ? base::to_iso8601(*time) : std::string{};
}

Json named(std::string_view account_id, std::string_view name) {
    return {{"id", container_id(account_id, name)}, {"name", name}, {"type", kContainerType}};
}

struct Facts {
    std::string_view last_modified, lease_status, lease_state, lease_duration, public_access;
};

Json properties(Facts const& facts) {
    Json json{
        {"deleted", false},
        {"remainingRetentionDays", 0},
        {"defaultEncryptionScope", "$account-encryption-key"},
        {"denyEncryptionScopeOverride", false},
        {"publicAccess", facts.public_access.empty() ? "None" : capitalized(facts.public_access)},
        {"leaseStatus", capitalized(facts.lease_status)},
        {"leaseState", capitalized(facts.lease_state)}};
    if (!facts.lease_duration.empty()) json["leaseDuration"] = capitalized(facts.lease_duration);
    json["lastModifiedTime"] = time_text(facts.last_modified);
    return json;
}

void add_holds(Json& json) {
    json["hasImmutabilityPolicy"] = false;
    json["hasLegalHold"] = false;
}

std::string text_of(codec::XmlElement const& parent, std::string_view name) {
    auto const* const child = parent.find(name);
    return child == nullptr ? std::string{} : child->text;
}

Json listed(std::string_view account_id, codec::XmlElement const& container) {
    auto json = named(account_id, text_of(container, "Name"));
    static codec::XmlElement const kNone;
    auto const* const found = container.find("Properties");
    auto const& facts = found == nullptr ? kNone : *found;
    json["etag"] = text_of(facts, "Etag");
    json["properties"] = properties(
        {text_of(facts, "Last-Modified"),
         text_of(facts, "LeaseStatus"),
         text_of(facts, "LeaseState"),
         text_of(facts, "LeaseDuration"),
         text_of(facts, "PublicAccess")}
    );
    add_holds(json["properties"]);
    return json;
}

bool is_metadata(std::string_view name, std::string_view value) {
    auto const is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !name.empty() && std::ranges::all_of(name, is_part) &&
           std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::string container_id(std::string_view account_id, std::string_view name) {
    return fmt::format("{}/blobServices/default/containers/{}", account_id, name);
}

Json new_container(std::string_view account_id, std::string_view name) {
    auto json = named(account_id, name);
    json["properties"] = {{"deleted", false}, {"hasImmutabilityPolicy", false}, {"hasLegalHold", false}};
    return json;
}

Json container_from(std::string_view account_id, std::string_view name, http::Headers const& headers) {
    auto json = named(account_id, name);
    json["etag"] = headers.get("ETag");
    json["properties"] = properties(
        {headers.get("Last-Modified"),
         headers.get("x-ms-lease-status"),
         headers.get("x-ms-lease-state"),
         headers.get("x-ms-lease-duration"),
         headers.get("x-ms-blob-public-access")}
    );
    auto metadata = Json::object();
    for (auto const& [field, value] : headers)
        if (base::starts_with_ignoring_case(field, kMetadata))
            metadata[field.substr(kMetadata.size())] = value;
    if (!metadata.empty()) json["properties"]["metadata"] = std::move(metadata);
    json["properties"]["legalHold"] = {{"hasLegalHold", false}, {"tags", Json::array()}};
    add_holds(json["properties"]);
    return json;
}

std::optional<ContainerPage> read_containers(std::string_view account_id, std::string_view xml) {
    auto const root = codec::parse_xml(xml);
    if (!root) return std::nullopt;
    ContainerPage page;
    if (auto const* const containers = root->find("Containers"))
        for (auto const& container : containers->children)
            page.values.push_back(listed(account_id, container));
    page.marker = text_of(*root, "NextMarker");
    return page;
}

Result<ContainerChange> read_container(Json const& body) {
    ContainerChange change;
    auto const* const properties = find(body, "properties");
    if (properties == nullptr) return change;
    if (find(*properties, "publicAccess") != nullptr) {
        auto const access = base::to_lower(text_at(*properties, {"publicAccess"}));
        if (access != "none" && access != "blob" && access != "container")
            return bad_storage_values("publicAccess");
        change.public_access = access == "none" ? std::string{} : access;
    }
    auto const* const metadata = find(*properties, "metadata");
    if (metadata == nullptr) return change;
    if (!metadata->is_object()) return bad_storage_values("metadata");
    http::Headers headers;
    for (auto const& [name, value] : metadata->items()) {
        if (!value.is_string() || !is_metadata(name, value.get_ref<std::string const&>()))
            return bad_storage_values("metadata");
        headers.set(std::string{kMetadata} + name, value.get<std::string>());
    }
    change.metadata = std::move(headers);
    return change;
}

std::string_view find_unsupported_container(Json const& body) {
    auto const scope = text_at(body, {"properties", "defaultEncryptionScope"});
    if (!scope.empty() && scope != "$account-encryption-key") return "encryption scopes";
    for (auto const* const name :
         {"denyEncryptionScopeOverride", "enableNfsV3AllSquash", "enableNfsV3RootSquash"})
        if (auto const* const value = find(body, {"properties", name}); value != nullptr && *value == true)
            return name;
    if (auto const* const value = find(body, {"properties", "immutableStorageWithVersioning", "enabled"});
        value != nullptr && *value == true)
        return "immutableStorageWithVersioning";
    return {};
}

Refusal blob_refusal(http::IncomingResponse const& response) {
    auto const document = codec::parse_xml(response.body);
    auto const* const message = document ? document->find("Message") : nullptr;
    std::string code{response.headers.get("x-ms-error-code")};
    if (code.empty()) code = "InternalError";
    std::string text = message != nullptr ? message->text : "The Blob service refused: " + code + ".";
    if (text.find(kRequestId) == std::string::npos)
        text += fmt::format("\nRequestId:{}", response.headers.get("x-ms-request-id"));
    return {response.status, std::move(code), std::move(text), Origin::service};
}

}  // namespace bluebatch::emulator::resources::wire
