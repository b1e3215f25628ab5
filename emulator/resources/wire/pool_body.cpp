#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/wire/pool.hpp"
#include "emulator/resources/wire/pool_words.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace bluebatch::emulator::resources::wire {

namespace {

// Of 2022-10-01.
constexpr auto kWritten = std::to_array<std::string_view>(
    {"displayName",
     "vmSize",
     "deploymentConfiguration",
     "scaleSettings",
     "interNodeCommunication",
     "networkConfiguration",
     "taskSlotsPerNode",
     "taskSchedulingPolicy",
     "userAccounts",
     "metadata",
     "startTask",
     "certificates",
     "applicationPackages",
     "applicationLicenses",
     "mountConfiguration",
     "targetNodeCommunicationMode"}
);
constexpr auto kOnlyRead = std::to_array<std::string_view>(
    {"lastModified",
     "creationTime",
     "provisioningState",
     "provisioningStateTransitionTime",
     "allocationState",
     "allocationStateTransitionTime",
     "currentDedicatedNodes",
     "currentLowPriorityNodes",
     "autoScaleRun",
     "resizeOperationStatus",
     "currentNodeCommunicationMode"}
);
// What a pool can have changed while it lives, in the words of the data plane.
constexpr auto kPatched = std::to_array<std::string_view>(
    {"startTask",
     "metadata",
     "applicationPackageReferences",
     "certificateReferences",
     "targetNodeCommunicationMode"}
);

constexpr auto kDeployment =
    std::to_array<std::string_view>({"virtualMachineConfiguration", "cloudServiceConfiguration"});
constexpr auto kScales = std::to_array<std::string_view>({"fixedScale", "autoScale"});
constexpr auto kFixedScale = std::to_array<std::string_view>(
    {"resizeTimeout", "targetDedicatedNodes", "targetLowPriorityNodes", "nodeDeallocationOption"}
);
constexpr auto kAutoScale = std::to_array<std::string_view>({"formula", "evaluationInterval"});

// An object that has these members at most, where there is one.
std::optional<Refusal> fault_of_object(
    Json const& parent, std::string_view name, std::span<std::string_view const> members
) {
    auto const* const object = find(parent, name);
    if (object == nullptr) return std::nullopt;
    if (!object->is_object()) return bad_member(name);
    for (auto const& [member, value] : object->items())
        if (std::ranges::find(members, member) == members.end()) return bad_member(member);
    return std::nullopt;
}

std::optional<Refusal> fault_of_scale(Json const& properties) {
    if (auto fault = fault_of_object(properties, "scaleSettings", kScales)) return fault;
    auto const* const settings = find(properties, "scaleSettings");
    if (settings == nullptr) return std::nullopt;
    if (find(*settings, "fixedScale") != nullptr && find(*settings, "autoScale") != nullptr)
        return bad_member("scaleSettings");
    if (auto fault = fault_of_object(*settings, "fixedScale", kFixedScale)) return fault;
    return fault_of_object(*settings, "autoScale", kAutoScale);
}

// The last name of an id of that type, where it is below that account.
std::string name_below(Json const& reference, std::string_view account_id, std::string_view type) {
    auto const text = text_at(reference, {"id"});
    auto const id = parse_resource_id(text);
    bool const is_ours = id && id->is("Microsoft.Batch", {"batchAccounts", type}) &&
                         base::starts_with_ignoring_case(text, std::string{account_id} + "/");
    return is_ours ? id->parts.back().name : std::string{};
}

// [{"id": "/subscriptions/.../applications/tool", "version": "1"}]
Result<Json> package_references(std::string_view account_id, Json const& packages) {
    if (!packages.is_array()) return bad_member("applicationPackages");
    auto references = Json::array();
    for (auto const& package : packages) {
        auto const name = name_below(package, account_id, "applications");
        if (name.empty()) return bad_member("applicationPackages");
        Json reference{{"applicationId", name}};
        copy_member(package, "version", reference, "version");
        references.push_back(std::move(reference));
    }
    return succeed(std::move(references));
}

// [{"id": "/subscriptions/.../certificates/sha1-ABC", ...}]
Result<Json> certificate_references(std::string_view account_id, Json const& certificates) {
    if (!certificates.is_array()) return bad_member("certificates");
    auto references = Json::array();
    for (auto const& certificate : certificates) {
        auto const name = name_below(certificate, account_id, "certificates");
        auto const dash = name.find('-');
        if (dash == std::string::npos) return bad_member("certificates");
        Json reference = certificate;
        reference.erase("id");
        reference["thumbprintAlgorithm"] = name.substr(0, dash);
        reference["thumbprint"] = name.substr(dash + 1);
        references.push_back(std::move(reference));
    }
    return succeed(std::move(references));
}

// Everything but the scale.
Result<Json> to_data(std::string_view account_id, Json const& properties) {
    auto pool = to_data_members(properties);
    for (auto const* const member :
         {"scaleSettings", "deploymentConfiguration", "applicationPackages", "certificates"})
        pool.erase(member);
    if (auto const* const deployment = find(properties, "deploymentConfiguration"))
        pool.update(to_data_members(*deployment));
    if (auto const* const state = find(pool, "interNodeCommunication")) {
        pool["enableInterNodeCommunication"] =
            state->is_string() && base::equal_ignoring_case(state->get<std::string>(), "Enabled");
        pool.erase("interNodeCommunication");
    }
    if (auto const* const packages = find(properties, "applicationPackages")) {
        auto references = package_references(account_id, *packages);
        if (!references) return references;
        pool["applicationPackageReferences"] = *std::move(references);
    }
    if (auto const* const certificates = find(properties, "certificates")) {
        auto references = certificate_references(account_id, *certificates);
        if (!references) return references;
        pool["certificateReferences"] = *std::move(references);
    }
    if (removes_start_task(properties)) pool.erase("startTask");
    return succeed(std::move(pool));
}

}  // namespace

Result<Json> read_pool_properties(Json const& body) {
    auto const given = find_properties(body);
    if (!given) return given.error();
    auto properties = Json::object();
    if (*given == nullptr) return succeed(std::move(properties));
    for (auto const& [name, value] : (*given)->items()) {
        bool const is_written = std::ranges::find(kWritten, name) != kWritten.end();
        if (!is_written && std::ranges::find(kOnlyRead, name) == kOnlyRead.end()) return bad_member(name);
        if (is_written && !value.is_null()) properties[name] = value;
    }
    if (auto const fault = fault_of_object(properties, "deploymentConfiguration", kDeployment)) return *fault;
    if (auto const fault = fault_of_scale(properties)) return *fault;
    return succeed(std::move(properties));
}

Scale read_scale(Json const& properties) {
    Scale scale;
    if (auto const* const fixed = find(properties, {"scaleSettings", "fixedScale"})) scale.fixed = *fixed;
    if (auto const* const automatic = find(properties, {"scaleSettings", "autoScale"})) {
        scale.automatic = Json::object();
        copy_member(*automatic, "formula", scale.automatic, "autoScaleFormula");
        copy_member(*automatic, "evaluationInterval", scale.automatic, "autoScaleEvaluationInterval");
    }
    return scale;
}

std::string_view find_unsupported_pool(Json const& body) {
    auto const identity = text_at(body, {"identity", "type"});
    if (!identity.empty() && identity != "None") return "identities of pools (see --pool-identity)";
    return {};
}

Result<Json> to_new_pool(std::string_view account_id, std::string_view name, Json const& properties) {
    auto converted = to_data(account_id, properties);
    if (!converted) return converted;
    auto const scale = read_scale(properties);
    auto pool = *std::move(converted);
    if (!scale.automatic.is_null()) {
        pool["enableAutoScale"] = true;
        pool.update(scale.automatic);
    }
    // A new pool has no nodes that the option could be about.
    if (!scale.fixed.is_null()) {
        pool.update(scale.fixed);
        pool.erase("nodeDeallocationOption");
    }
    pool["id"] = name;
    return succeed(std::move(pool));
}

Result<Json> to_pool_patch(std::string_view account_id, Json const& properties) {
    auto converted = to_data(account_id, properties);
    if (!converted) return converted;
    auto patch = Json::object();
    for (auto const member : kPatched)
        copy_member(*converted, member, patch, member);
    return succeed(std::move(patch));
}

bool removes_start_task(Json const& properties) {
    auto const* const task = find(properties, "startTask");
    return task != nullptr && task->is_object() && task->empty();
}

Json without_start_task(Json const& pool, Json const& patch) {
    Json replacement{
        {"certificateReferences", Json::array()},
        {"applicationPackageReferences", Json::array()},
        {"metadata", Json::array()}};
    for (auto const member : kPatched)
        if (member != "startTask") copy_member(pool, member, replacement, member);
    replacement.update(patch);
    return replacement;
}

}  // namespace bluebatch::emulator::resources::wire
