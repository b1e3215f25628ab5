#include "emulator/app/control.hpp"

#include "shared/http/local_names.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace bluebatch::emulator::app {

namespace {

constexpr std::uint64_t kLargestBody = 64 << 10;

http::Response text_response(int status, std::string_view content_type, std::string text) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", std::string(content_type));
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.text = std::move(text);
    return response;
}

http::Response json_response(int status, std::string text) {
    return text_response(status, "application/json", std::move(text) + "\n");
}

std::string health(Endpoints const& endpoints, std::string const& simulated_time) {
    using nlohmann::ordered_json;
    ordered_json members{{"status", "ready"}, {"guestWord", endpoints.guest_word}};
    if (!simulated_time.empty()) members["simulatedTaskTime"] = simulated_time;
    return members.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string overview_page(Endpoints const& endpoints, std::string_view simulated_time) {
    auto const simulated = simulated_time.empty() ? std::string()
                                                  : fmt::format(
                                                        "<p><strong>Tasks are simulated.</strong> Nothing "
                                                        "runs; a task takes <code>{}</code> of a clock "
                                                        "that leaps.</p>\n",
                                                        simulated_time
                                                    );
    return fmt::format(
        R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bluebatch-emulator</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff }}
  code {{ background: #eef1f6; padding: .1rem .3rem; border-radius: .2rem }}
  dt {{ font-weight: 600; margin-top: 1rem }} dd {{ margin: 0 }}
  @media (prefers-color-scheme: dark) {{ body {{ color: #e4e4e8; background: #16171b }} code {{ background: #26282f }} a {{ color: #8ab4f8 }} }}
</style>
<h1>bluebatch-emulator {}</h1>
<p>Azure Batch and Azure Blob Storage on this machine.</p>
<dl>
  <dt>Blob</dt><dd><code>{}</code></dd>
  <dt>Batch</dt><dd><code>{}</code></dd>
  <dt>Health</dt><dd><a href="/_bluebatch/health"><code>/_bluebatch/health</code></a></dd>
</dl>
{}<p>The development accounts and their keys: <code>bluebatch-emulator --print-accounts</code></p>
</html>
)",
        BLUEBATCH_VERSION,
        endpoints.blob,
        endpoints.batch,
        simulated
    );
}

}  // namespace

void ControlService::set_ready(Endpoints endpoints, std::string simulated_time) {
    endpoints_ = std::move(endpoints);
    simulated_time_ = std::move(simulated_time);
    ready_ = true;
}

std::variant<http::Response, http::BodyPlan> ControlService::admit(http::RequestHead const& head) {
    if (!http::names_this_machine(head.host())) {
        return json_response(
            403,
            R"({"error":"the control interface answers only to this machine's own names, such as localhost"})"
        );
    }
    if (http::is_from_foreign_page(head)) {
        return json_response(403, R"({"error":"requests of pages from another site are refused"})");
    }
    for (auto const& part : parts_) {
        if (!part.plan || !head.path.starts_with(part.path)) continue;
        if (auto plan = part.plan(head)) return std::move(*plan);
    }
    return http::BodyPlan{.limit = kLargestBody};
}

http::Response ControlService::answer(http::Request request) {
    if (!ready_) return json_response(503, R"({"status":"starting"})");
    for (auto const& part : parts_) {
        if (!request.path.starts_with(part.path)) continue;
        auto answer = part.handler(request);
        return json_response(answer.status, std::move(answer.json));
    }
    if (request.verb != http::Verb::get && request.verb != http::Verb::head) {
        return json_response(405, R"({"error":"use GET"})");
    }
    if (request.path == "/_bluebatch/health") return json_response(200, health(endpoints_, simulated_time_));
    if (request.path == "/_bluebatch/ui/") {
        return text_response(200, "text/html; charset=utf-8", overview_page(endpoints_, simulated_time_));
    }
    if (request.path == "/_bluebatch/ca.pem" && !ca_pem_.empty())
        return text_response(200, "application/x-pem-file", ca_pem_);
    return json_response(404, no_such_page());
}

std::string ControlService::no_such_page() const {
    std::string pages = "/_bluebatch/health, /_bluebatch/ca.pem, /_bluebatch/ui/";
    for (auto const& part : parts_)
        pages.append(", ").append(part.path);
    return fmt::format(R"({{"error":"no such page; there are {}"}})", pages);
}

http::Response ControlService::too_large(http::RequestHead const&, std::uint64_t limit) {
    return json_response(413, fmt::format(R"({{"error":"a body may have {} bytes at most"}})", limit));
}

}  // namespace bluebatch::emulator::app
