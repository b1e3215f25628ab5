#include "emulator/resources/wire/batch_account.hpp"

#include "emulator/resources/resource_id.hpp"
#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr auto kAllModes = std::to_array<std::string_view>({"SharedKey", "AAD", "TaskAuthenticationToken"});
// What an account of a new subscription may have; used where no quota is set.
constexpr std::int64_t kAnyPools = 100;
constexpr std::int64_t kAnyJobs = 300;
constexpr std::int64_t kAnyCores = 500;

constexpr auto kFamilies = std::to_array<std::string_view>(
    {"standardAv2Family",
     "standardDv2Family",
     "standardDv3Family",
     "standardDSv3Family",
     "standardFSv2Family"}
);

bool are_all_modes(Json const& modes) {
    return modes.is_array() && std::ranges::all_of(kAllModes, [&](std::string_view mode) {
               return std::ranges::any_of(modes, [&](Json const& given) { return given == mode; });
           });
}

// The same for an account always, since nodes would go by it.
std::string node_management_id(std::string_view name) {
    auto text = base::to_hex(base::sha256("node management of " + std::string{name})).substr(0, 32);
    for (std::size_t const position : {8U, 13U, 18U, 23U})
        text.insert(position, 1, '-');
    return text;
}

bool differs(Json const& given, std::initializer_list<std::string_view> path, std::string_view only) {
    auto const text = text_at(given, path);
    return !text.empty() && !base::equal_ignoring_case(text, only);
}

Json auto_storage(Json const& document, storage::AccountRecord const& record, std::string_view storage_id) {
    auto sync = text_at(document, {"lastKeySync"});
    if (sync.empty()) sync = base::to_iso8601(record.changed);
    return {{"storageAccountId", storage_id}, {"lastKeySync", sync}, {"authenticationMode", "StorageKeys"}};
}

}  // namespace

Json plain_batch_document() {
    return Json::object();
}

std::string_view find_unsupported_batch(Json const& given) {
    if (differs(given, {"identity", "type"}, "None")) return "identities of Batch accounts";
    if (differs(given, {"properties", "poolAllocationMode"}, "BatchService"))
        return "poolAllocationMode UserSubscription";
    if (find(given, {"properties", "keyVaultReference"}) != nullptr) return "keyVaultReference";
    if (differs(given, {"properties", "publicNetworkAccess"}, "Enabled")) return "publicNetworkAccess";
    if (differs(given, {"properties", "encryption", "keySource"}, "Microsoft.Batch"))
        return "encryption by keys of a key vault";
    if (differs(given, {"properties", "autoStorage", "authenticationMode"}, "StorageKeys"))
        return "authenticationMode BatchAccountManagedIdentity";
    if (find(given, {"properties", "networkProfile"}) != nullptr) return "networkProfile";
    auto const* const modes = find(given, {"properties", "allowedAuthenticationModes"});
    if (modes != nullptr && !are_all_modes(*modes)) return "allowedAuthenticationModes";
    return {};
}

std::string batch_host(storage::AccountRecord const& record) {
    return fmt::format("{}.{}.batch.azure.com", record.name, record.location);
}

Json to_json(
    domain::Account const& account,
    storage::AccountRecord const& record,
    domain::Quotas const& quotas,
    std::string_view storage_id
) {
    auto const document = parse_object(record.document).value_or(plain_batch_document());
    auto const cores = quotas.dedicated_cores.value_or(kAnyCores);
    auto families = Json::array();
    for (auto const family : kFamilies)
        families.push_back({{"name", family}, {"coreQuota", cores}});
    Json properties{
        {"accountEndpoint", batch_host(record)},
        {"nodeManagementEndpoint",
         fmt::format("{}.{}.service.batch.azure.com", node_management_id(account.name), record.location)},
        {"provisioningState", "Succeeded"},
        {"dedicatedCoreQuota", cores},
        {"dedicatedCoreQuotaPerVMFamily", std::move(families)},
        {"dedicatedCoreQuotaPerVMFamilyEnforced", false},
        {"lowPriorityCoreQuota", quotas.low_priority_cores.value_or(kAnyCores)},
        {"poolQuota", quotas.pools.value_or(kAnyPools)},
        {"activeJobAndJobScheduleQuota", quotas.active_jobs_and_schedules.value_or(kAnyJobs)},
    };
    if (!storage_id.empty()) properties["autoStorage"] = auto_storage(document, record, storage_id);
    properties["poolAllocationMode"] = "BatchService";
    properties["publicNetworkAccess"] = "Enabled";
    properties["privateEndpointConnections"] = Json::array();
    properties["encryption"] = {{"keySource", "Microsoft.Batch"}};
    properties["allowedAuthenticationModes"] = kAllModes;
    Json json{
        {"id", account_id(record.group, kBatchAccounts, record.name)},
        {"name", record.name},
        {"type", kBatchAccounts},
        {"location", record.location},
    };
    if (auto const* const tags = find(document, "tags")) json["tags"] = *tags;
    json["properties"] = std::move(properties);
    json["identity"] = {{"type", "None"}};
    return json;
}

Json batch_keys(domain::Account const& account) {
    Json json{{"accountName", account.name}};
    if (!account.keys.empty()) json["primary"] = account.keys.front().base64;
    // An account that was configured with one key has that one.
    if (!account.keys.empty()) json["secondary"] = account.keys.back().base64;
    return json;
}

}  // namespace bluebatch::emulator::resources::wire
