#include "emulator/app/control.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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

// "localhost:10003" -> "localhost", "[::1]:10003" -> "::1"
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
    return authority.substr(0, authority.find(':'));
}

}  // namespace

bool ControlService::is_local(std::string_view authority) const {
    constexpr auto kLocalHosts = std::to_array<std::string_view>({"localhost", "127.0.0.1", "::1"});
    auto const host = host_of(authority);
    auto const same = [&](std::string_view known) { return base::equal_ignoring_case(host, known); };
    return std::ranges::any_of(kLocalHosts, same) || same(listening_host_) || host.ends_with(".localhost");
}

std::variant<http::Response, http::BodyPlan> ControlService::admit(http::RequestHead const& head) {
    if (!is_local(head.host())) {
        return json_response(
            403,
            R"({"error":"the control interface answers only to this machine's own names, such as localhost"})"
        );
    }
    if (auto const origin = head.headers.find("Origin")) {
        auto const authority = origin->find("://");
        if (authority == std::string_view::npos || !is_local(origin->substr(authority + 3))) {
            return json_response(403, R"({"error":"requests from pages of another origin are refused"})");
        }
    }
    return http::BodyPlan{.limit = kLargestBody};
}

http::Response ControlService::answer(http::Request request) {
    if (request.path == "/_bluebatch/health") {
        if (request.verb != http::Verb::get && request.verb != http::Verb::head)
            return json_response(405, R"({"error":"use GET"})");
        return ready_ ? json_response(200, R"({"status":"ready"})")
                      : json_response(503, R"({"status":"starting"})");
    }
    return json_response(404, R"({"error":"no such page under /_bluebatch/; there is /_bluebatch/health"})");
}

http::Response ControlService::too_large(http::RequestHead const&, std::uint64_t limit) {
    return json_response(413, fmt::format(R"({{"error":"a body may have {} bytes at most"}})", limit));
}

}  // namespace bluebatch::emulator::app
