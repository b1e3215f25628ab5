#include "emulator/resources/wire/storage_properties.hpp"

#include "emulator/resources/wire/storage_account.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr std::size_t kLongestText = 2048;
constexpr std::size_t kMostRules = 400;  // of a network

enum class Type : std::uint8_t { flag, number, text, word, object, list };

struct Property {
    std::string_view path;  // items of a list have its path
    Type type;
    std::string_view words = {};  // "Hot|Cool"
};

// StorageAccountPropertiesCreateParameters of 2022-09-01.
constexpr auto kProperties = std::to_array<Property>({
    {"accessTier", Type::word, "Hot|Cool|Cold|Premium"},
    {"allowBlobPublicAccess", Type::flag},
    {"allowCrossTenantReplication", Type::flag},
    {"allowSharedKeyAccess", Type::flag},
    {"allowedCopyScope", Type::word, "PrivateLink|AAD"},
    {"azureFilesIdentityBasedAuthentication", Type::object},
    {"azureFilesIdentityBasedAuthentication.directoryServiceOptions", Type::word, "None|AADDS|AD|AADKERB"},
    {"azureFilesIdentityBasedAuthentication.defaultSharePermission", Type::text},
    {"customDomain", Type::object},
    {"customDomain.name", Type::text},
    {"customDomain.useSubDomainName", Type::flag},
    {"defaultToOAuthAuthentication", Type::flag},
    {"dnsEndpointType", Type::word, "Standard|AzureDnsZone"},
    {"encryption", Type::object},
    {"encryption.keySource", Type::word, "Microsoft.Storage|Microsoft.Keyvault"},
    {"encryption.requireInfrastructureEncryption", Type::flag},
    {"encryption.services", Type::object},
    {"encryption.services.blob", Type::object},
    {"encryption.services.blob.enabled", Type::flag},
    {"encryption.services.blob.keyType", Type::word, "Service|Account"},
    {"encryption.services.file", Type::object},
    {"encryption.services.file.enabled", Type::flag},
    {"encryption.services.file.keyType", Type::word, "Service|Account"},
    {"encryption.services.queue", Type::object},
    {"encryption.services.queue.enabled", Type::flag},
    {"encryption.services.queue.keyType", Type::word, "Service|Account"},
    {"encryption.services.table", Type::object},
    {"encryption.services.table.enabled", Type::flag},
    {"encryption.services.table.keyType", Type::word, "Service|Account"},
    {"immutableStorageWithVersioning", Type::object},
    {"immutableStorageWithVersioning.enabled", Type::flag},
    {"isHnsEnabled", Type::flag},
    {"isLocalUserEnabled", Type::flag},
    {"isNfsV3Enabled", Type::flag},
    {"isSftpEnabled", Type::flag},
    {"keyPolicy", Type::object},
    {"keyPolicy.keyExpirationPeriodInDays", Type::number},
    {"largeFileSharesState", Type::word, "Disabled|Enabled"},
    {"minimumTlsVersion", Type::word, "TLS1_0|TLS1_1|TLS1_2|TLS1_3"},
    {"networkAcls", Type::object},
    {"networkAcls.bypass", Type::text},
    {"networkAcls.defaultAction", Type::word, "Allow|Deny"},
    {"networkAcls.ipRules", Type::list},
    {"networkAcls.ipRules.action", Type::word, "Allow"},
    {"networkAcls.ipRules.value", Type::text},
    {"networkAcls.resourceAccessRules", Type::list},
    {"networkAcls.resourceAccessRules.resourceId", Type::text},
    {"networkAcls.resourceAccessRules.tenantId", Type::text},
    {"networkAcls.virtualNetworkRules", Type::list},
    {"networkAcls.virtualNetworkRules.action", Type::word, "Allow"},
    {"networkAcls.virtualNetworkRules.id", Type::text},
    {"networkAcls.virtualNetworkRules.state", Type::text},
    {"publicNetworkAccess", Type::word, "Enabled|Disabled|SecuredByPerimeter"},
    {"routingPreference", Type::object},
    {"routingPreference.publishInternetEndpoints", Type::flag},
    {"routingPreference.publishMicrosoftEndpoints", Type::flag},
    {"routingPreference.routingChoice", Type::word, "MicrosoftRouting|InternetRouting"},
    {"sasPolicy", Type::object},
    {"sasPolicy.expirationAction", Type::word, "Log|Block"},
    {"sasPolicy.sasExpirationPeriod", Type::text},
    {"supportsHttpsTrafficOnly", Type::flag},
});

Result<Json> take_value(Property const& property, Json const& value);

Result<Json> take_members(std::string_view parent, Json const& given) {
    auto taken = Json::object();
    for (auto const& [name, value] : given.items()) {
        auto const path = parent.empty() ? name : std::string{parent} + "." + name;
        auto const* const property = std::ranges::find(kProperties, path, &Property::path);
        if (property == kProperties.end() || name.find('.') != std::string::npos) continue;
        auto one = take_value(*property, value);
        if (!one) return one;
        taken[name] = *std::move(one);
    }
    return succeed(std::move(taken));
}

Result<Json> take_items(Property const& property, Json const& given) {
    if (given.size() > kMostRules) return bad_storage_values(property.path);
    auto items = Json::array();
    for (auto const& item : given) {
        if (!item.is_object()) return bad_storage_values(property.path);
        auto one = take_members(property.path, item);
        if (!one) return one;
        items.push_back(*std::move(one));
    }
    return succeed(std::move(items));
}

Result<Json> take_word(Property const& property, std::string const& text) {
    for (auto const word : base::split(property.words, '|'))
        if (base::equal_ignoring_case(word, text)) return succeed(word);
    return bad_storage_values(property.path);
}

bool is_text(Json const& value) {
    return value.is_string() && value.get_ref<std::string const&>().size() <= kLongestText;
}

Result<Json> take_value(Property const& property, Json const& value) {
    if (value.is_null()) return succeed(value);
    switch (property.type) {
        case Type::object:
            if (value.is_object()) return take_members(property.path, value);
            break;
        case Type::list:
            if (value.is_array()) return take_items(property, value);
            break;
        case Type::word:
            if (is_text(value)) return take_word(property, value.get<std::string>());
            break;
        case Type::flag:
            if (value.is_boolean()) return succeed(value);
            break;
        case Type::number:
            if (value.is_number_integer()) return succeed(value);
            break;
        case Type::text:
            if (is_text(value)) return succeed(value);
            break;
    }
    return bad_storage_values(property.path);
}

}  // namespace

Result<Json> take_storage_properties(Json const& given) {
    return take_members({}, given);
}

}  // namespace bluebatch::emulator::resources::wire
