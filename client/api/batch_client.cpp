#include "client/api/batch_client.hpp"

#include "client/api/batch_json.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::client {
namespace {

constexpr std::string_view kApiVersion = "2024-07-01.20.0";
constexpr std::string_view kJsonContent = "application/json; odata=minimalmetadata";
constexpr int kMostPages = 100'000;

std::string segment(std::string_view text) {
    return http::percent_encode(text);
}

// Only the host that was asked may be asked again: a link leads nowhere else with our signature.
bool is_below(std::string_view link, std::string_view endpoint) {
    return link.starts_with(endpoint) && link.substr(endpoint.size()).starts_with('/');
}

}  // namespace

BatchClient::BatchClient(Pipeline const& pipeline, std::string endpoint, CallOptions options)
    : pipeline_(&pipeline), endpoint_(std::move(endpoint)), options_(std::move(options)) {
    while (endpoint_.ends_with('/'))
        endpoint_.pop_back();
}

Call BatchClient::make_call(http::Verb verb, std::string_view path, std::string_view query) const {
    Call call;
    call.request.verb = verb;
    call.request.url = fmt::format("{}{}?api-version={}{}", endpoint_, path, kApiVersion, query);
    call.request.headers.set("Accept", "application/json");
    return call;
}

ApiResult<Reply> BatchClient::send_json(http::Verb verb, std::string_view path, std::string body) const {
    auto call = make_call(verb, path);
    call.request.headers.set("Content-Type", std::string(kJsonContent));
    call.request.body = std::move(body);
    return pipeline_->send(call, options_);
}

ApiResult<nlohmann::json> BatchClient::get_json(std::string_view path, std::string_view query) const {
    auto const reply = pipeline_->send(make_call(http::Verb::get, path, query), options_);
    if (!reply) return reply.error();
    auto json = nlohmann::json::parse(reply->response.body, nullptr, false);
    if (!json.is_object()) return make_protocol_error("The Batch service answered with something not JSON.");
    return ApiResult<nlohmann::json>(boost::system::in_place_value, std::move(json));
}

ApiResult<std::vector<nlohmann::json>> BatchClient::list(std::string_view path, std::string_view query)
    const {
    std::vector<nlohmann::json> items;
    auto call = make_call(http::Verb::get, path, query);
    for (int page = 0; page < kMostPages; ++page) {
        auto const reply = pipeline_->send(call, options_);
        if (!reply) return reply.error();
        auto json = nlohmann::json::parse(reply->response.body, nullptr, false);
        if (!json.is_object() || !json["value"].is_array()) {
            return make_protocol_error("The Batch service answered a list with something else.");
        }
        for (auto& item : json["value"])
            items.push_back(std::move(item));
        auto const next = json.find("odata.nextLink");
        if (next == json.end() || !next->is_string()) return items;
        call.request.url = next->get<std::string>();
        if (!is_below(call.request.url, endpoint_)) {
            return make_protocol_error("The next page of a list is said to be on another host.");
        }
    }
    return make_protocol_error("A list of the Batch service does not end.");
}

ApiResult<void> BatchClient::create_pool(PoolSpecification const& pool) const {
    auto const reply = send_json(http::Verb::post, "/pools", to_json(pool).dump());
    if (reply) return {};
    auto const& error = reply.error();
    if (!has_code(error, "PoolExists") || !error.maybe_done) return error;
    auto const existing = find_pool(pool.id);
    bool const ours = existing && *existing && (*existing)->metadata == pool.metadata;
    if (!ours) return error;
    return {};
}

ApiResult<std::optional<Pool>> BatchClient::find_pool(std::string_view id) const {
    auto const json = get_json("/pools/" + segment(id));
    if (json) return std::optional(read_pool(*json));
    if (has_status(json.error(), 404)) return std::optional<Pool>{};
    return json.error();
}

ApiResult<void> BatchClient::delete_pool(std::string_view id) const {
    auto const reply = pipeline_->send(make_call(http::Verb::remove, "/pools/" + segment(id)), options_);
    if (reply || has_status(reply.error(), 404) || has_code(reply.error(), "PoolBeingDeleted")) return {};
    return reply.error();
}

ApiResult<std::vector<Node>> BatchClient::list_nodes(std::string_view pool_id) const {
    auto const items = list("/pools/" + segment(pool_id) + "/nodes", "&$select=id,state,startTaskInfo");
    if (!items) return items.error();
    std::vector<Node> nodes;
    nodes.reserve(items->size());
    for (auto const& item : *items)
        nodes.push_back(read_node(item));
    return nodes;
}

ApiResult<void> BatchClient::create_job(JobSpecification const& job) const {
    auto const reply = send_json(http::Verb::post, "/jobs", to_json(job).dump());
    if (reply) return {};
    auto const& error = reply.error();
    if (!has_code(error, "JobExists") || !error.maybe_done) return error;
    auto const existing = find_job(job.id);
    bool const ours = existing && *existing && (*existing)->metadata == job.metadata;
    if (!ours) return error;
    return {};
}

ApiResult<std::optional<Job>> BatchClient::find_job(std::string_view id) const {
    auto const json = get_json("/jobs/" + segment(id));
    if (json) return std::optional(read_job(*json));
    if (has_status(json.error(), 404)) return std::optional<Job>{};
    return json.error();
}

ApiResult<void> BatchClient::delete_job(std::string_view id) const {
    auto const reply = pipeline_->send(make_call(http::Verb::remove, "/jobs/" + segment(id)), options_);
    if (reply || has_status(reply.error(), 404) || has_code(reply.error(), "JobBeingDeleted")) return {};
    return reply.error();
}

}  // namespace bluebatch::client
