#include "emulator/resources/wire/pool.hpp"

#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/wire/pool_words.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr std::string_view kPoolType = "Microsoft.Batch/batchAccounts/pools";
// What a pool can have changed while it lives, in the words of the data plane.
constexpr auto kPatched = std::to_array<std::string_view>(
    {"startTask",
     "metadata",
     "applicationPackageReferences",
     "certificateReferences",
     "targetNodeCommunicationMode"}
);

void copy(Json const& from, std::string_view name, Json& to, std::string_view other) {
    if (auto const* const value = find(from, name)) to[std::string{other}] = *value;
}

// [{"id": "/subscriptions/.../applications/tool", "version": "1"}]
Result<Json> package_references(Json const& packages) {
    if (!packages.is_array()) return bad_member("applicationPackages");
    auto references = Json::array();
    for (auto const& package : packages) {
        auto const id = parse_resource_id(text_at(package, {"id"}));
        if (!id || !id->is("Microsoft.Batch", {"batchAccounts", "applications"}))
            return bad_member("applicationPackages");
        Json reference{{"applicationId", id->parts.back().name}};
        copy(package, "version", reference, "version");
        references.push_back(std::move(reference));
    }
    return succeed(std::move(references));
}

// [{"id": "/subscriptions/.../certificates/sha1-ABC", ...}]
Result<Json> certificate_references(Json const& certificates) {
    if (!certificates.is_array()) return bad_member("certificates");
    auto references = Json::array();
    for (auto const& certificate : certificates) {
        auto const id = parse_resource_id(text_at(certificate, {"id"}));
        auto const name = id ? id->parts.back().name : std::string{};
        auto const dash = name.find('-');
        if (!id || !id->is("Microsoft.Batch", {"batchAccounts", "certificates"}) || dash == std::string::npos)
            return bad_member("certificates");
        Json reference = certificate;
        reference.erase("id");
        reference["thumbprintAlgorithm"] = name.substr(0, dash);
        reference["thumbprint"] = name.substr(dash + 1);
        references.push_back(std::move(reference));
    }
    return succeed(std::move(references));
}

// Everything but the scale. Members that neither side knows stay, so that Batch refuses them by name.
Result<Json> to_data(Json const& properties) {
    auto pool = to_data_members(properties);
    for (auto const* const member : {"scaleSettings", "deploymentConfiguration"})
        pool.erase(member);
    if (auto const* const deployment = find(properties, "deploymentConfiguration")) {
        if (!deployment->is_object()) return bad_member("deploymentConfiguration");
        pool.update(to_data_members(*deployment));
    }
    if (auto const* const state = find(pool, "interNodeCommunication")) {
        pool["enableInterNodeCommunication"] =
            state->is_string() && base::equal_ignoring_case(state->get<std::string>(), "Enabled");
        pool.erase("interNodeCommunication");
    }
    if (auto const* const packages = find(properties, "applicationPackages")) {
        auto references = package_references(*packages);
        if (!references) return references;
        pool["applicationPackageReferences"] = *std::move(references);
        pool.erase("applicationPackages");
    }
    if (auto const* const certificates = find(properties, "certificates")) {
        auto references = certificate_references(*certificates);
        if (!references) return references;
        pool["certificateReferences"] = *std::move(references);
        pool.erase("certificates");
    }
    return succeed(std::move(pool));
}

Json write_scale(Json const& pool) {
    auto const* const automatic = find(pool, "enableAutoScale");
    auto settings = Json::object();
    if (automatic != nullptr && *automatic == true) {
        copy(pool, "autoScaleFormula", settings, "formula");
        copy(pool, "autoScaleEvaluationInterval", settings, "evaluationInterval");
        return {{"autoScale", std::move(settings)}};
    }
    for (auto const* const member : {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"})
        copy(pool, member, settings, member);
    return {{"fixedScale", std::move(settings)}};
}

// What the last resize came to, or is about to.
Json write_resize(Json const& pool) {
    auto status = Json::object();
    for (auto const* const member : {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"})
        copy(pool, member, status, member);
    if (text_at(pool, {"allocationState"}) == "resizing") status["nodeDeallocationOption"] = "Requeue";
    copy(pool, "allocationStateTransitionTime", status, "startTime");
    copy(pool, "resizeErrors", status, "errors");
    return from_data_members(status);
}

Json write_packages(std::string_view account_id, Json const& references) {
    auto packages = Json::array();
    for (auto const& reference : references) {
        Json package{
            {"id", fmt::format("{}/applications/{}", account_id, text_at(reference, {"applicationId"}))}};
        copy(reference, "version", package, "version");
        packages.push_back(std::move(package));
    }
    return packages;
}

Json write_certificates(std::string_view account_id, Json const& references) {
    auto certificates = Json::array();
    for (auto const& reference : references) {
        Json certificate{
            {"id",
             fmt::format(
                 "{}/certificates/{}-{}",
                 account_id,
                 text_at(reference, {"thumbprintAlgorithm"}),
                 text_at(reference, {"thumbprint"})
             )}};
        for (auto const* const member : {"storeLocation", "storeName", "visibility"})
            copy(reference, member, certificate, member);
        certificates.push_back(std::move(certificate));
    }
    return certificates;
}

Json write_run(Json const& run) {
    auto json = Json::object();
    copy(run, "timestamp", json, "evaluationTime");
    copy(run, "results", json, "results");
    copy(run, "error", json, "error");
    return from_data_members(json);
}

Json write_deployment(Json const& pool) {
    auto deployment = Json::object();
    for (auto const* const member : {"virtualMachineConfiguration", "cloudServiceConfiguration"})
        copy(pool, member, deployment, member);
    auto json = from_data_members(deployment);
    if (find(json, {"virtualMachineConfiguration", "imageReference", "sku"}) != nullptr &&
        find(json, {"virtualMachineConfiguration", "imageReference", "version"}) == nullptr)
        json["virtualMachineConfiguration"]["imageReference"]["version"] = "latest";
    return json;
}

void add_facts(Json const& pool, Json& properties) {
    bool const is_deleting = text_at(pool, {"state"}) == "deleting";
    copy(pool, "displayName", properties, "displayName");
    copy(pool, "lastModified", properties, "lastModified");
    copy(pool, "creationTime", properties, "creationTime");
    properties["provisioningState"] = is_deleting ? "Deleting" : "Succeeded";
    copy(pool, "stateTransitionTime", properties, "provisioningStateTransitionTime");
    auto const states = from_data_members({{"allocationState", text_at(pool, {"allocationState"})}});
    properties["allocationState"] = states["allocationState"];
    copy(pool, "allocationStateTransitionTime", properties, "allocationStateTransitionTime");
    properties["vmSize"] = base::to_upper(text_at(pool, {"vmSize"}));
    auto const* const communicates = find(pool, "enableInterNodeCommunication");
    bool const is_enabled = communicates != nullptr && *communicates == true;
    properties["interNodeCommunication"] = is_enabled ? "Enabled" : "Disabled";
}

}  // namespace

Result<Scale> read_scale(Json const& properties) {
    Scale scale;
    auto const* const settings = find(properties, "scaleSettings");
    if (settings == nullptr) return scale;
    auto const* const fixed = find(*settings, "fixedScale");
    auto const* const automatic = find(*settings, "autoScale");
    if (!settings->is_object() || (fixed != nullptr && automatic != nullptr))
        return bad_member("scaleSettings");
    if (fixed != nullptr && !fixed->is_object()) return bad_member("fixedScale");
    if (automatic != nullptr && !automatic->is_object()) return bad_member("autoScale");
    if (fixed != nullptr) scale.fixed = *fixed;
    if (automatic != nullptr) {
        scale.automatic = Json::object();
        copy(*automatic, "formula", scale.automatic, "autoScaleFormula");
        copy(*automatic, "evaluationInterval", scale.automatic, "autoScaleEvaluationInterval");
    }
    return scale;
}

std::string_view find_unsupported_pool(Json const& body) {
    auto const identity = text_at(body, {"identity", "type"});
    if (!identity.empty() && identity != "None") return "identities of pools (see --pool-identity)";
    return {};
}

Result<Json> to_new_pool(std::string_view name, Json const& properties) {
    auto const scale = read_scale(properties);
    if (!scale) return scale.error();
    auto converted = to_data(properties);
    if (!converted) return converted;
    Json pool{{"id", name}};
    pool.update(*converted);
    if (!scale->automatic.is_null()) {
        pool["enableAutoScale"] = true;
        pool.update(scale->automatic);
    }
    // A new pool has no nodes that the option could be about.
    if (!scale->fixed.is_null()) {
        pool.update(scale->fixed);
        pool.erase("nodeDeallocationOption");
    }
    return succeed(std::move(pool));
}

Result<Json> to_pool_patch(Json const& properties) {
    auto converted = to_data(properties);
    if (!converted) return converted;
    auto patch = Json::object();
    for (auto const member : kPatched)
        copy(*converted, member, patch, member);
    return succeed(std::move(patch));
}

Json from_pool(std::string_view account_id, Json const& pool) {
    auto const name = text_at(pool, {"id"});
    auto properties = Json::object();
    add_facts(pool, properties);
    properties["deploymentConfiguration"] = write_deployment(pool);
    properties["scaleSettings"] = write_scale(pool);
    if (auto const* const run = find(pool, "autoScaleRun")) properties["autoScaleRun"] = write_run(*run);
    auto const same = from_data_members(pool);
    for (auto const* const member :
         {"taskSlotsPerNode",
          "taskSchedulingPolicy",
          "networkConfiguration",
          "userAccounts",
          "metadata",
          "startTask",
          "targetNodeCommunicationMode",
          "currentNodeCommunicationMode"})
        copy(same, member, properties, member);
    if (auto const* const references = find(pool, "applicationPackageReferences"))
        properties["applicationPackages"] = write_packages(account_id, *references);
    if (auto const* const references = find(same, "certificateReferences"))
        properties["certificates"] = write_certificates(account_id, *references);
    properties["resizeOperationStatus"] = write_resize(pool);
    copy(pool, "currentDedicatedNodes", properties, "currentDedicatedNodes");
    copy(pool, "currentLowPriorityNodes", properties, "currentLowPriorityNodes");
    Json json{
        {"id", fmt::format("{}/pools/{}", account_id, name)},
        {"name", name},
        {"type", kPoolType},
        {"etag", fmt::format("W/\"{}\"", text_at(pool, {"eTag"}))}};
    copy(pool, "identity", json, "identity");
    json["properties"] = std::move(properties);
    return json;
}

Refusal batch_service_refusal(int status, std::string_view body) {
    auto const json = parse_object(body);
    if (!json) return {status, "InternalError", "The Batch service refused the request.", Origin::service};
    auto message = text_at(*json, {"message", "value"});
    if (auto const* const values = find(*json, "values"); values != nullptr && values->is_array())
        for (auto const& value : *values)
            message += fmt::format("\n{}: {}", text_at(value, {"key"}), text_at(value, {"value"}));
    return {status, text_at(*json, {"code"}), std::move(message), Origin::service};
}

}  // namespace bluebatch::emulator::resources::wire
