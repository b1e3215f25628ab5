#pragma once

#include "tests/unit/client/scripted_client.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::tests {

// Both services at once, as much of them as a run needs: containers, blobs, one pool, one job, tasks that are
// completed from the second look on.
class FakeServices final : public http::Client {
public:
    // What becomes of a task; empty: success, and its result is "MP3 of" its input.
    struct Fate {
        int exit_code = 0;
        std::string stderr_text;
        bool never_ends = false;
        bool leaves_no_result = false;
    };

    Answer send(http::OutgoingRequest const& request, http::BodySink const& sink, std::stop_token) override {
        std::scoped_lock const lock(mutex_);
        http::RequestHead head;
        http::parse_target(request.url, head);
        auto const key = std::string(http::to_string(request.verb)) + " " + head.path;
        log.push_back(key);
        if (before) {
            if (auto early = before(key)) return *std::move(early);
        }
        auto reply = head.path.starts_with("/devstoreaccount1/") ? blob(request, head) : batch(request, head);
        if (reply && reply->status / 100 == 2 && sink) {
            auto const body = std::exchange(reply->body, {});
            sink(std::as_bytes(std::span(body)));
        }
        return reply;
    }

    bool has_seen(std::string_view key) {
        std::scoped_lock const lock(mutex_);
        return std::find(log.begin(), log.end(), key) != log.end();
    }

    std::map<std::string, Fate> fates;
    std::function<std::optional<Answer>(std::string const& key)> before;
    std::vector<std::string> log;
    std::map<std::string, std::string> containers;  // name to run
    std::map<std::string, std::string> blobs;       // "container/blob" to content
    std::optional<nlohmann::json> pool, job;
    std::vector<nlohmann::json> tasks;
    int looks = 0;

private:
    using Request = http::OutgoingRequest;

    static std::string body_of(Request const& request) {
        if (auto const* text = std::get_if<std::string>(&request.body)) return *text;
        return "file of " + std::to_string(std::get<http::FileSlice>(request.body).length) + " bytes";
    }

    Answer blob(Request const& request, http::RequestHead const& head) {
        auto const rest =
            http::percent_decode(head.path.substr(std::string_view("/devstoreaccount1/").size()));
        bool const is_container = head.raw_query.find("restype=container") != std::string::npos;
        if (is_container && request.verb == http::Verb::put) {
            auto const run = std::string(request.headers.get("x-ms-meta-bluebatchrun"));
            if (!containers.emplace(rest, run).second) return blob_error(409, "ContainerAlreadyExists");
            return answer(201);
        }
        if (is_container && request.verb == http::Verb::remove) {
            return containers.erase(rest) > 0 ? answer(202) : blob_error(404, "ContainerNotFound");
        }
        if (head.raw_query.find("comp=list") != std::string::npos) return list(rest);
        if (is_container) return answer(200, {}, {{"x-ms-meta-bluebatchrun", containers[rest]}});
        if (request.verb == http::Verb::put) {
            blobs[rest] = body_of(request);
            return answer(201);
        }
        auto const found = blobs.find(rest);
        if (found == blobs.end()) return blob_error(404, "BlobNotFound");
        if (request.verb == http::Verb::get) return answer(200, found->second);
        blobs.erase(found);
        return answer(202);
    }

    Answer list(std::string const& container) const {
        std::string names;
        for (auto const& [key, content] : blobs) {
            if (!key.starts_with(container + '/')) continue;
            names += "<Blob><Name>" + key.substr(container.size() + 1) + "</Name></Blob>";
        }
        return answer(
            200, "<EnumerationResults><Blobs>" + names + "</Blobs><NextMarker /></EnumerationResults>"
        );
    }

    Answer batch(Request const& request, http::RequestHead const& head) {
        auto const& path = head.path;
        if (path == "/pools") return create(pool, request, "PoolExists");
        if (path == "/jobs") return create(job, request, "JobExists");
        if (path.starts_with("/pools/")) return resource(pool, request, "PoolNotFound");
        if (path.ends_with("/addtaskcollection")) return add_tasks(request);
        if (path.ends_with("/tasks")) return list_tasks();
        if (path.ends_with("/taskcounts")) return count_tasks();
        if (path.find("/files/") != std::string::npos) return file(request, path);
        return resource(job, request, "JobNotFound");
    }

    static Answer create(
        std::optional<nlohmann::json>& place, Request const& request, std::string const& exists
    ) {
        if (place) return batch_error(409, exists);
        place = nlohmann::json::parse(body_of(request));
        (*place)["state"] = "active";
        return answer(201);
    }

    static Answer resource(
        std::optional<nlohmann::json>& place, Request const& request, std::string const& missing
    ) {
        if (!place) return batch_error(404, missing);
        if (request.verb == http::Verb::get) return answer(200, place->dump());
        place.reset();
        return answer(202);
    }

    Answer add_tasks(Request const& request) {
        auto results = nlohmann::json::array();
        auto const body = nlohmann::json::parse(body_of(request));
        for (auto const& task : body["value"]) {
            tasks.push_back(task);
            results.push_back({{"status", "Success"}, {"taskId", task["id"]}});
        }
        return answer(200, nlohmann::json{{"value", results}}.dump());
    }

    Answer list_tasks() {
        auto value = nlohmann::json::array();
        if (++looks > 1) {
            for (auto const& task : tasks) {
                auto const fate = fates[task["id"].get<std::string>()];
                if (!fate.never_ends) value.push_back(completed(task, fate));
            }
        }
        return answer(200, nlohmann::json{{"value", value}}.dump());
    }

    Answer count_tasks() const {
        auto const completed = looks > 0 ? tasks.size() : std::size_t{1};
        return answer(200, nlohmann::json{{"taskCounts", {{"completed", completed}}}}.dump());
    }

    nlohmann::json completed(nlohmann::json const& task, Fate const& fate) {
        nlohmann::json execution{
            {"exitCode", fate.exit_code}, {"result", fate.exit_code == 0 ? "success" : "failure"}};
        if (fate.exit_code != 0) {
            execution["failureInfo"] = {
                {"category", "UserError"}, {"code", "FailureExitCode"}, {"message", "It failed."}};
        } else if (!fate.leaves_no_result) {
            auto const name = task["outputFiles"][0]["destination"]["container"]["path"].get<std::string>();
            blobs["output/" + name] = "MP3 of " + task["resourceFiles"][0]["filePath"].get<std::string>();
        }
        return {{"id", task["id"]}, {"state", "completed"}, {"executionInfo", execution}};
    }

    Answer file(Request const& request, std::string const& path) {
        auto const start = path.find("/tasks/") + 7;
        auto const& text = fates[path.substr(start, path.find('/', start) - start)].stderr_text;
        if (text.empty()) return batch_error(404, "FileNotFound");
        if (request.verb == http::Verb::head)
            return answer(200, {}, {{"Content-Length", std::to_string(text.size())}});
        return answer(200, text);
    }

    std::mutex mutex_;
};

}  // namespace bluebatch::tests
