#include "client/api/batch_client.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::client {
namespace {

using Json = nlohmann::json;

std::string pool_path(std::string_view id) {
    return "/pools/" + http::percent_encode(id);
}
std::string node_path(std::string_view pool_id, std::string_view id) {
    return pool_path(pool_id) + "/nodes/" + http::percent_encode(id);
}
std::string job_path(std::string_view id) {
    return "/jobs/" + http::percent_encode(id);
}
std::string task_path(std::string_view job_id, std::string_view id) {
    return job_path(job_id) + "/tasks/" + http::percent_encode(id);
}

}  // namespace

ApiResult<std::vector<Json>> BatchClient::list_filtered(std::string_view path, std::string_view filter)
    const {
    if (filter.empty()) return list(path, {});
    return list(path, "&$filter=" + http::percent_encode(filter));
}

ApiResult<void> BatchClient::act(http::Verb verb, std::string_view path, std::string body) const {
    auto const reply = body.empty() ? pipeline_->send(make_call(verb, path), options_)
                                    : send_json(verb, path, std::move(body));
    if (!reply) return reply.error();
    return {};
}

ApiResult<void> BatchClient::remove(std::string_view path) const {
    auto const removed = act(http::Verb::remove, path);
    if (!removed && has_status(removed.error(), 404) && removed.error().maybe_done) return {};
    return removed;
}

ApiResult<std::vector<Json>> BatchClient::pool_documents(std::string_view filter) const {
    return list_filtered("/pools", filter);
}

ApiResult<Json> BatchClient::pool_document(std::string_view id) const {
    return get_json(pool_path(id));
}

ApiResult<void> BatchClient::add_pool(Json const& pool) const {
    return act(http::Verb::post, "/pools", pool.dump());
}

ApiResult<void> BatchClient::resize_pool(std::string_view id, ResizeTargets targets) const {
    auto body = Json::object();
    if (targets.dedicated) body["targetDedicatedNodes"] = *targets.dedicated;
    if (targets.low_priority) body["targetLowPriorityNodes"] = *targets.low_priority;
    return act(http::Verb::post, pool_path(id) + "/resize", body.dump());
}

ApiResult<void> BatchClient::stop_resize(std::string_view id) const {
    return act(http::Verb::post, pool_path(id) + "/stopresize");
}

ApiResult<std::vector<Json>> BatchClient::node_documents(std::string_view pool_id, std::string_view filter)
    const {
    return list_filtered(pool_path(pool_id) + "/nodes", filter);
}

ApiResult<Json> BatchClient::node_document(std::string_view pool_id, std::string_view id) const {
    return get_json(node_path(pool_id, id));
}

ApiResult<void> BatchClient::remove_nodes(std::string_view pool_id, std::span<std::string const> ids) const {
    Json const body{{"nodeList", std::vector<std::string>(ids.begin(), ids.end())}};
    return act(http::Verb::post, pool_path(pool_id) + "/removenodes", body.dump());
}

ApiResult<void> BatchClient::reboot_node(std::string_view pool_id, std::string_view id) const {
    return act(http::Verb::post, node_path(pool_id, id) + "/reboot", "{}");
}

ApiResult<std::vector<Json>> BatchClient::job_documents(std::string_view filter) const {
    return list_filtered("/jobs", filter);
}

ApiResult<Json> BatchClient::job_document(std::string_view id) const {
    return get_json(job_path(id));
}

ApiResult<void> BatchClient::add_job(Json const& job) const {
    return act(http::Verb::post, "/jobs", job.dump());
}

ApiResult<void> BatchClient::terminate_job(std::string_view id) const {
    return act(http::Verb::post, job_path(id) + "/terminate", "{}");
}

ApiResult<std::vector<Json>> BatchClient::task_documents(std::string_view job_id, std::string_view filter)
    const {
    return list_filtered(job_path(job_id) + "/tasks", filter);
}

ApiResult<Json> BatchClient::task_document(std::string_view job_id, std::string_view id) const {
    return get_json(task_path(job_id, id));
}

ApiResult<void> BatchClient::add_task(std::string_view job_id, Json const& task) const {
    return act(http::Verb::post, job_path(job_id) + "/tasks", task.dump());
}

ApiResult<void> BatchClient::delete_task(std::string_view job_id, std::string_view id) const {
    return remove(task_path(job_id, id));
}

ApiResult<void> BatchClient::terminate_task(std::string_view job_id, std::string_view id) const {
    return act(http::Verb::post, task_path(job_id, id) + "/terminate");
}

ApiResult<void> BatchClient::reactivate_task(std::string_view job_id, std::string_view id) const {
    return act(http::Verb::post, task_path(job_id, id) + "/reactivate");
}

}  // namespace bluebatch::client
