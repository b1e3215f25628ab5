#include "emulator/resources/wire/storage_account.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/wire/storage_properties.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr auto kSkus = std::to_array<std::string_view>(
    {"Standard_LRS",
     "Standard_GRS",
     "Standard_RAGRS",
     "Standard_ZRS",
     "Premium_LRS",
     "Premium_ZRS",
     "Standard_GZRS",
     "Standard_RAGZRS"}
);
constexpr auto kKinds =
    std::to_array<std::string_view>({"Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"}
    );

// Values that would make an account do what it can't here.
struct Unsupported {
    std::string_view name;  // of properties
    std::string_view value;
};
constexpr auto kUnsupported = std::to_array<Unsupported>({
    {"isHnsEnabled", "true"},
    {"isSftpEnabled", "true"},
    {"isNfsV3Enabled", "true"},
    {"allowSharedKeyAccess", "false"},
    {"publicNetworkAccess", "Disabled"},
    {"publicNetworkAccess", "SecuredByPerimeter"},
});

std::string value_text(Json const& value) {
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    return value.is_string() ? value.get<std::string>() : std::string{};
}

Json endpoints(std::string_view host) {
    // Blob is what there is; static websites answer below it.
    return {{"blob", fmt::format("https://{}.blob.core.windows.net/", host)}};
}

Json encrypted(base::TimePoint since) {
    return {{"keyType", "Account"}, {"enabled", true}, {"lastEnabledTime", base::to_iso8601(since)}};
}

bool reads_secondary(std::string_view sku) {
    return sku.find("_RA") != std::string_view::npos;
}

Json default_properties(domain::Account const& account) {
    auto const made = account.made;
    return {
        {"keyCreationTime", Json::object()},
        {"allowCrossTenantReplication", false},
        {"privateEndpointConnections", Json::array()},
        {"minimumTlsVersion", "TLS1_0"},
        {"allowBlobPublicAccess", true},
        {"networkAcls",
         {{"bypass", "AzureServices"},
          {"virtualNetworkRules", Json::array()},
          {"ipRules", Json::array()},
          {"defaultAction", "Allow"}}},
        {"supportsHttpsTrafficOnly", true},
        {"encryption",
         {{"services", {{"file", encrypted(made)}, {"blob", encrypted(made)}}},
          {"keySource", "Microsoft.Storage"}}},
        {"accessTier", "Hot"},
    };
}

Json properties(domain::Account const& account, storage::AccountRecord const& record, Json const& document) {
    auto json = default_properties(account);
    if (auto const* const given = find(document, "properties"))
        if (auto const taken = take_storage_properties(*given)) merge(json, *taken);
    for (std::size_t i = 0; i < account.keys.size(); ++i)
        json["keyCreationTime"]["key" + std::to_string(i + 1)] = base::to_iso8601(account.keys[i].made);
    json["provisioningState"] = "Succeeded";
    json["creationTime"] = base::to_iso8601(account.made);
    json["primaryEndpoints"] = endpoints(account.name);
    json["primaryLocation"] = record.location;
    json["statusOfPrimary"] = "available";
    if (reads_secondary(text_at(document, {"sku", "name"}))) {
        json["secondaryEndpoints"] = endpoints(account.name + "-secondary");
        json["statusOfSecondary"] = "available";
    }
    return json;
}

}  // namespace

Json plain_storage_document() {
    return {{"sku", {{"name", "Standard_RAGRS"}}}, {"kind", "StorageV2"}};
}

Result<Json> read_storage(Json const& body) {
    auto given = Json::object();
    if (auto const* const sku = find(body, "sku")) {
        auto const name = text_at(*sku, {"name"});
        if (std::ranges::find(kSkus, name) == kSkus.end()) return bad_storage_values("sku");
        given["sku"] = {{"name", name}};
    }
    if (find(body, "kind") != nullptr) {
        auto const kind = text_at(body, {"kind"});
        if (std::ranges::find(kKinds, kind) == kKinds.end()) return bad_storage_values("kind");
        given["kind"] = kind;
    }
    if (auto const* const tags = find(body, "tags")) given["tags"] = *tags;
    if (auto const* const properties = find(body, "properties")) {
        if (!properties->is_object()) return bad_storage_values("properties");
        auto taken = take_storage_properties(*properties);
        if (!taken) return taken;
        given["properties"] = *std::move(taken);
    }
    return succeed(std::move(given));
}

std::optional<Refusal> fault_of_new_storage(Json const& given) {
    auto const missing = [](std::string_view name) {
        return Refusal{
            400,
            "MissingRequiredAccountProperty",
            fmt::format("Account property {} is required for the request.", name),
            Origin::service};
    };
    for (auto const* const name : {"sku", "kind"})
        if (find(given, name) == nullptr) return missing(name);
    if (text_at(given, {"kind"}) == "BlobStorage" && text_at(given, {"properties", "accessTier"}).empty())
        return missing("accessTier");
    return std::nullopt;
}

void take_over_storage(Json const& given, Json& document) {
    for (auto const* const member : {"sku", "kind", "tags"})
        if (auto const* const value = find(given, member)) document[member] = *value;
    if (auto const* const properties = find(given, "properties")) merge(document["properties"], *properties);
}

std::string_view find_unsupported_storage(Json const& given) {
    if (text_at(given, {"kind"}) == "FileStorage") return "storage accounts of kind FileStorage";
    for (auto const& [name, value] : kUnsupported) {
        auto const* const member = find(given, {"properties", name});
        if (member != nullptr && base::equal_ignoring_case(value_text(*member), value)) return name;
    }
    if (base::equal_ignoring_case(text_at(given, {"properties", "networkAcls", "defaultAction"}), "Deny"))
        return "networkAcls that deny";
    if (base::equal_ignoring_case(
            text_at(given, {"properties", "encryption", "keySource"}), "Microsoft.Keyvault"
        ))
        return "encryption by keys of a key vault";
    auto const identity = text_at(given, {"identity", "type"});
    if (!identity.empty() && identity != "None") return "identities of storage accounts";
    if (find(given, "extendedLocation") != nullptr) return "extendedLocation";
    return {};
}

Refusal bad_storage_account_name(std::string_view name) {
    return {
        400,
        "AccountNameInvalid",
        fmt::format(
            "{} is not a valid storage account name. Storage account name must be between 3 and 24 "
            "characters in length and use numbers and lower-case letters only.",
            name.substr(0, 64)
        ),
        Origin::service};
}

Refusal bad_storage_values(std::string_view names) {
    return {
        400,
        "InvalidValuesForRequestParameters",
        fmt::format("Values for request parameters are invalid: {}.", names),
        Origin::service};
}

Json to_json(domain::Account const& account, storage::AccountRecord const& record) {
    auto const document = parse_object(record.document).value_or(plain_storage_document());
    auto const sku = text_at(document, {"sku", "name"});
    Json json{
        {"sku", {{"name", sku}, {"tier", sku.substr(0, sku.find('_'))}}},
        {"kind", text_at(document, {"kind"})},
        {"id", account_id(record.group, kStorageAccounts, record.name)},
        {"name", record.name},
        {"type", kStorageAccounts},
        {"location", record.location},
        {"tags", Json::object()},
    };
    if (auto const* const tags = find(document, "tags")) json["tags"] = *tags;
    json["properties"] = properties(account, record, document);
    return json;
}

Json storage_keys(domain::Account const& account) {
    auto keys = Json::array();
    for (std::size_t i = 0; i < account.keys.size(); ++i)
        keys.push_back(
            {{"creationTime", base::to_iso8601(account.keys[i].made)},
             {"keyName", "key" + std::to_string(i + 1)},
             {"value", account.keys[i].base64},
             {"permissions", "FULL"}}
        );
    return {{"keys", std::move(keys)}};
}

}  // namespace bluebatch::emulator::resources::wire
