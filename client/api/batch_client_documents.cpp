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

ApiResult<std::string> body_of(Json const& document) {
    try {
        return document.dump();
    } catch (Json::type_error const&) {
        return make_local_error("The Batch service takes only texts in UTF-8, and one of these is not.");
    }
}

Json member_of(Json const& document, std::string_view name) {
    auto const member = document.find(name);
    return member != document.end() ? *member : Json();
}

}  // namespace

// By which what exists is taken for what a lost attempt made.
struct BatchClient::Mark {
    std::string_view exists;  // the code of the refusal
    std::string_view member;  // in which both agree
};

ApiResult<void> BatchClient::add(std::string_view path, Json const& document, Mark const& mark) const {
    auto body = body_of(document);
    if (!body) return body.error();
    auto const added = act(http::Verb::post, path, *std::move(body));
    if (added || !has_code(added.error(), mark.exists) || !added.error().maybe_done) return added;
    auto const id = member_of(document, "id");
    if (!id.is_string()) return added;
    auto const found = get_json(fmt::format("{}/{}", path, http::percent_encode(id.get<std::string>())));
    if (!found) return added;
    auto const sent = member_of(document, mark.member);
    auto const there = member_of(*found, mark.member);
    bool const is_ours = sent == there || (sent.empty() && there.empty());
    return is_ours ? ApiResult<void>{} : added;
}

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
    return add("/pools", pool, {"PoolExists", "metadata"});
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
    auto text = body_of(body);
    if (!text) return text.error();
    return act(http::Verb::post, pool_path(pool_id) + "/removenodes", *std::move(text));
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
    return add("/jobs", job, {"JobExists", "metadata"});
}

ApiResult<void> BatchClient::terminate_job(std::string_view id) const {
    return act(http::Verb::post, job_path(id) + "/terminate", "{}");
}

ApiResult<std::vector<Json>> BatchClient::task_documents(std::string_view job_id, std::string_view filter)
    const {
    return list_filtered(job_path(job_id) + "/tasks", filter);
}

ApiResult<std::vector<Json>> BatchClient::first_task_documents(
    std::string_view job_id, std::string_view filter, std::size_t most
) const {
    auto const query = fmt::format(
        "&maxresults={}&$select=id,state,executionInfo,nodeInfo&$filter={}",
        most,
        http::percent_encode(filter)
    );
    auto page = get_json(job_path(job_id) + "/tasks", query);
    if (!page) return page.error();
    auto const items = member_of(*page, "value");
    if (!items.is_array())
        return make_protocol_error("The Batch service answered a list with something else.");
    return std::vector<Json>(items.begin(), items.end());
}

ApiResult<Json> BatchClient::task_document(std::string_view job_id, std::string_view id) const {
    return get_json(task_path(job_id, id));
}

ApiResult<void> BatchClient::add_task(std::string_view job_id, Json const& task) const {
    return add(job_path(job_id) + "/tasks", task, {"TaskExists", "commandLine"});
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
