#include "client/api/batch_client.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace bluebatch::client {
namespace {

using Json = nlohmann::json;

// Of pools and jobs of which nothing else is said: tells what a lost attempt made from what others made.
constexpr std::string_view kRequestMark = "bluebatch-request";

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

// Whether what is there says all that was sent, and perhaps more.
bool has_all_of(Json const& there, Json const& sent) {
    if (sent.is_object()) {
        return there.is_object() && std::ranges::all_of(sent.items(), [&there](auto const& member) {
                   return has_all_of(member_of(there, member.key()), member.value());
               });
    }
    if (sent.is_array() && there.is_array())
        return std::equal(there.begin(), there.end(), sent.begin(), sent.end(), &has_all_of);
    return there == sent;
}

// Whether a refusal says that an earlier attempt, whose answer was lost, was carried out.
bool is_done(ApiResult<void> const& outcome, std::initializer_list<std::string_view> codes) {
    if (outcome || !outcome.error().maybe_done) return false;
    return std::ranges::any_of(codes, [&outcome](auto code) { return has_code(outcome.error(), code); });
}

// Whether a conflict may be one with what an earlier attempt, whose answer was lost, has begun.
bool is_refused_again(ApiResult<void> const& outcome) {
    return !outcome && outcome.error().maybe_done && has_status(outcome.error(), 409);
}

}  // namespace

// By which what exists is taken for what a lost attempt made.
struct BatchClient::Mark {
    std::string_view exists;  // the code of the refusal
    std::string_view member;  // in which both agree; empty: in all that was sent
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
    auto const part_of = [&mark](Json const& whole) {
        return mark.member.empty() ? whole : member_of(whole, mark.member);
    };
    auto const sent = part_of(document);
    bool const is_ours = !sent.is_null() && has_all_of(part_of(*found), sent);
    return is_ours ? ApiResult<void>{} : added;
}

ApiResult<void> BatchClient::add_marked(std::string_view path, Json document, std::string_view exists) const {
    // What somebody said of it may be said by others as well, so all the rest is compared with it.
    if (!document.is_object() || !member_of(document, "metadata").empty())
        return add(path, document, {exists, {}});
    Json const entry{{"name", kRequestMark}, {"value", pipeline_->random().guid()}};
    document["metadata"] = Json::array({entry});
    return add(path, document, {exists, "metadata"});
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
    return add_marked("/pools", pool, "PoolExists");
}

ApiResult<void> BatchClient::resize_pool(std::string_view id, ResizeTargets targets) const {
    auto body = Json::object();
    if (targets.dedicated) body["targetDedicatedNodes"] = *targets.dedicated;
    if (targets.low_priority) body["targetLowPriorityNodes"] = *targets.low_priority;
    auto const done = act(http::Verb::post, pool_path(id) + "/resize", body.dump());
    if (!is_done(done, {"PoolBeingResized"})) return done;
    // Somebody else's, perhaps.
    auto const pool = get_json(pool_path(id));
    bool const is_ours = pool && std::ranges::all_of(body.items(), [&pool](auto const& target) {
                             return member_of(*pool, target.key()) == target.value();
                         });
    return is_ours ? ApiResult<void>{} : done;
}

ApiResult<void> BatchClient::stop_resize(std::string_view id) const {
    auto const done = act(http::Verb::post, pool_path(id) + "/stopresize");
    if (!is_refused_again(done)) return done;
    // Which of the two it was that came too late, its state tells.
    auto const pool = get_json(pool_path(id));
    auto const state = pool ? member_of(*pool, "allocationState") : Json();
    bool const is_done = state == "stopping" || state == "steady";
    return is_done ? ApiResult<void>{} : done;
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
    auto const done = act(http::Verb::post, pool_path(pool_id) + "/removenodes", *std::move(text));
    if (!is_refused_again(done)) return done;
    // Somebody else's change of size, perhaps: then they are there as before.
    bool const are_leaving = std::ranges::all_of(ids, [&](std::string const& id) {
        auto const node = get_json(node_path(pool_id, id));
        return node ? member_of(*node, "state") == "leavingpool" : has_status(node.error(), 404);
    });
    return are_leaving ? ApiResult<void>{} : done;
}

ApiResult<void> BatchClient::reboot_node(std::string_view pool_id, std::string_view id) const {
    auto const done = act(http::Verb::post, node_path(pool_id, id) + "/reboot", "{}");
    return is_done(done, {"NodeBeingRebooted"}) ? ApiResult<void>{} : done;
}

ApiResult<std::vector<Json>> BatchClient::job_documents(std::string_view filter) const {
    return list_filtered("/jobs", filter);
}

ApiResult<Json> BatchClient::job_document(std::string_view id) const {
    return get_json(job_path(id));
}

ApiResult<void> BatchClient::add_job(Json const& job) const {
    return add_marked("/jobs", job, "JobExists");
}

ApiResult<void> BatchClient::change_job(std::string_view id, Json const& changes) const {
    auto body = body_of(changes);
    if (!body) return body.error();
    return act(http::Verb::patch, job_path(id), *std::move(body));
}

ApiResult<void> BatchClient::terminate_job(std::string_view id) const {
    auto const done = act(http::Verb::post, job_path(id) + "/terminate", "{}");
    return is_done(done, {"JobBeingTerminated", "JobCompleted"}) ? ApiResult<void>{} : done;
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
    auto const done = act(http::Verb::post, task_path(job_id, id) + "/terminate");
    return is_done(done, {"TaskCompleted"}) ? ApiResult<void>{} : done;
}

ApiResult<void> BatchClient::reactivate_task(std::string_view job_id, std::string_view id) const {
    auto const done = act(http::Verb::post, task_path(job_id, id) + "/reactivate");
    return is_done(done, {"TaskNotCompleted"}) ? ApiResult<void>{} : done;
}

}  // namespace bluebatch::client
