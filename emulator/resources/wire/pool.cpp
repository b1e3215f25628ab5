#include "emulator/resources/wire/pool.hpp"

#include "emulator/resources/wire/pool_words.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::resources::wire {

namespace {

constexpr std::string_view kPoolType = "Microsoft.Batch/batchAccounts/pools";

Json write_scale(Json const& pool) {
    auto const* const automatic = find(pool, "enableAutoScale");
    auto settings = Json::object();
    if (automatic != nullptr && *automatic == true) {
        copy_member(pool, "autoScaleFormula", settings, "formula");
        copy_member(pool, "autoScaleEvaluationInterval", settings, "evaluationInterval");
        return {{"autoScale", std::move(settings)}};
    }
    for (auto const* const member : {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"})
        copy_member(pool, member, settings, member);
    return {{"fixedScale", std::move(settings)}};
}

// What the last resize came to, or is about to.
Json write_resize(Json const& pool) {
    auto status = Json::object();
    for (auto const* const member : {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"})
        copy_member(pool, member, status, member);
    if (text_at(pool, {"allocationState"}) == "resizing") status["nodeDeallocationOption"] = "Requeue";
    copy_member(pool, "allocationStateTransitionTime", status, "startTime");
    copy_member(pool, "resizeErrors", status, "errors");
    return from_data_members(status);
}

Json write_packages(std::string_view account_id, Json const& references) {
    auto packages = Json::array();
    for (auto const& reference : references) {
        Json package{
            {"id", fmt::format("{}/applications/{}", account_id, text_at(reference, {"applicationId"}))}};
        copy_member(reference, "version", package, "version");
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
            copy_member(reference, member, certificate, member);
        certificates.push_back(std::move(certificate));
    }
    return certificates;
}

Json write_run(Json const& run) {
    auto json = Json::object();
    copy_member(run, "timestamp", json, "evaluationTime");
    copy_member(run, "results", json, "results");
    copy_member(run, "error", json, "error");
    return from_data_members(json);
}

Json write_deployment(Json const& pool) {
    auto deployment = Json::object();
    for (auto const* const member : {"virtualMachineConfiguration", "cloudServiceConfiguration"})
        copy_member(pool, member, deployment, member);
    auto json = from_data_members(deployment);
    if (find(json, {"virtualMachineConfiguration", "imageReference", "sku"}) != nullptr &&
        find(json, {"virtualMachineConfiguration", "imageReference", "version"}) == nullptr)
        json["virtualMachineConfiguration"]["imageReference"]["version"] = "latest";
    return json;
}

void add_facts(Json const& pool, Json& properties) {
    bool const is_deleting = text_at(pool, {"state"}) == "deleting";
    copy_member(pool, "displayName", properties, "displayName");
    copy_member(pool, "lastModified", properties, "lastModified");
    copy_member(pool, "creationTime", properties, "creationTime");
    properties["provisioningState"] = is_deleting ? "Deleting" : "Succeeded";
    copy_member(pool, "stateTransitionTime", properties, "provisioningStateTransitionTime");
    auto const states = from_data_members({{"allocationState", text_at(pool, {"allocationState"})}});
    properties["allocationState"] = states["allocationState"];
    copy_member(pool, "allocationStateTransitionTime", properties, "allocationStateTransitionTime");
    properties["vmSize"] = base::to_upper(text_at(pool, {"vmSize"}));
    auto const* const communicates = find(pool, "enableInterNodeCommunication");
    bool const is_enabled = communicates != nullptr && *communicates == true;
    properties["interNodeCommunication"] = is_enabled ? "Enabled" : "Disabled";
}

}  // namespace

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
        copy_member(same, member, properties, member);
    if (auto const* const references = find(pool, "applicationPackageReferences"))
        properties["applicationPackages"] = write_packages(account_id, *references);
    if (auto const* const references = find(same, "certificateReferences"))
        properties["certificates"] = write_certificates(account_id, *references);
    properties["resizeOperationStatus"] = write_resize(pool);
    copy_member(pool, "currentDedicatedNodes", properties, "currentDedicatedNodes");
    copy_member(pool, "currentLowPriorityNodes", properties, "currentLowPriorityNodes");
    Json json{
        {"id", fmt::format("{}/pools/{}", account_id, name)},
        {"name", name},
        {"type", kPoolType},
        {"etag", fmt::format("W/\"{}\"", text_at(pool, {"eTag"}))}};
    copy_member(pool, "identity", json, "identity");
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
