#include "emulator/batch/wire/entities.hpp"
#include "emulator/batch/wire/parts.hpp"

namespace bluebatch::emulator::batch::wire {
namespace {

Json to_json(std::vector<domain::ResizeError> const& errors) {
    Json list = Json::array();
    for (auto const& [code, message, values] : errors) {
        Json error{{"code", code}, {"message", message}};
        if (!values.empty()) error["values"] = wire::to_json(values);
        list.push_back(std::move(error));
    }
    return list;
}

void put_allocation(Json& json, domain::Pool const& pool, CurrentNodes const& current) {
    json["allocationState"] = domain::to_word(pool.allocation_state);
    json["allocationStateTransitionTime"] = base::to_iso8601(pool.allocation_state_transition_time);
    json["resizeTimeout"] = base::to_iso8601_duration(pool.resize_timeout);
    // Batch: POOL-17
    bool const is_steady = pool.allocation_state == domain::AllocationState::steady;
    if (is_steady && !pool.resize_errors.empty()) json["resizeErrors"] = to_json(pool.resize_errors);
    json["currentDedicatedNodes"] = current.dedicated;
    json["targetDedicatedNodes"] = pool.target_dedicated_nodes;
    json["currentLowPriorityNodes"] = current.low_priority;
    json["targetLowPriorityNodes"] = pool.target_low_priority_nodes;
}

// Batch: AS-1
void put_auto_scale(Json& json, domain::AutoScale const& auto_scale) {
    json["autoScaleFormula"] = auto_scale.formula;
    json["autoScaleEvaluationInterval"] = base::to_iso8601_duration(auto_scale.interval);
    if (auto_scale.run) json["autoScaleRun"] = wire::to_json(*auto_scale.run);
}

}  // namespace

// Batch: AS-54, AS-55
Json to_json(domain::AutoScaleRun const& run) {
    Json json{{"timestamp", base::to_iso8601(run.timestamp)}, {"results", run.results}};
    if (auto const& error = run.error) {
        json["error"] = {{"code", error->code}, {"message", error->message}};
        if (!error->values.empty()) json["error"]["values"] = wire::to_json(error->values);
    }
    return json;
}

Json pool_identity(std::vector<std::string> const& resource_ids) {
    Json list = Json::array();
    for (auto const& id : resource_ids)
        list.push_back({{"resourceId", id}});
    return {{"type", "UserAssigned"}, {"userAssignedIdentities", std::move(list)}};
}

Json to_json(domain::Pool const& pool, CurrentNodes const& current, Urls const& urls) {
    auto json = Json::parse(pool.document);
    json["id"] = pool.id;
    json["url"] = urls.pool(pool.id);
    json["eTag"] = base::to_etag(pool.last_modified);
    json["lastModified"] = base::to_iso8601(pool.last_modified);
    json["creationTime"] = base::to_iso8601(pool.creation_time);
    json["state"] = domain::to_word(pool.state);
    json["stateTransitionTime"] = base::to_iso8601(pool.state_transition_time);
    json["vmSize"] = pool.vm_size;
    put_allocation(json, pool, current);
    // Nodes have it as soon as it is wanted.
    if (auto const it = json.find("cloudServiceConfiguration"); it != json.end())
        (*it)["currentOSVersion"] = text_of(*it, "osVersion");
    // Batch: POOL-35
    json["enableAutoScale"] = pool.auto_scale.has_value();
    if (pool.auto_scale) put_auto_scale(json, *pool.auto_scale);
    if (!json.contains("enableInterNodeCommunication")) json["enableInterNodeCommunication"] = false;
    json["taskSlotsPerNode"] = pool.task_slots_per_node;
    json["taskSchedulingPolicy"]["nodeFillType"] = domain::to_word(pool.node_fill_type);
    return json;
}

}  // namespace bluebatch::emulator::batch::wire
