#include "shared/http/response_head.hpp"

#include "shared/base/text.hpp"
#include "shared/http/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace bluebatch::http {

namespace {

// Text of the second that was asked for last: all answers of a second share it.
std::string_view date_text(base::TimePoint now) {
    struct Cache {
        std::chrono::sys_seconds second = std::chrono::sys_seconds::min();
        std::string text;
    };
    thread_local Cache cache;
    auto const second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != cache.second) cache = {second, base::to_rfc1123(now)};
    return cache.text;
}

bool is_written_by_server(std::string_view name) {
    constexpr std::array<std::string_view, 4> kNames{
        "Content-Length", "Transfer-Encoding", "Connection", "Date"};
    return std::ranges::any_of(kNames, [&](std::string_view own) {
        return own.size() == name.size() && base::equal_ignoring_case(own, name);
    });
}

void append_clean(std::string& head, std::string_view text) {
    auto const begin = head.size();
    head.append(text);
    for (auto i = begin; i < head.size(); ++i) {
        if (head[i] == '\r' || head[i] == '\n' || head[i] == '\0') head[i] = ' ';
    }
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    append_clean(head, name);
    head.append(": ");
    append_clean(head, value);
    head.append("\r\n");
}

void append_status_line(std::string& head, Response const& response) {
    fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} ", response.status);
    append_clean(head, response.reason.empty() ? reason_phrase(response.status) : response.reason);
    head.append("\r\n");
}

bool is_chunked(Response const& response, Exchange const& exchange) {
    return response.framing == Framing::chunked && exchange.version == Version::http_1_1 &&
           response.status >= 200 && response.status != 204 && response.status != 304;
}

std::string make_head(Response const& response, Exchange const& exchange, base::TimePoint now) {
    std::string head;
    head.reserve(1024);
    append_status_line(head, response);
    if (is_chunked(response, exchange)) {
        append_field(head, "Transfer-Encoding", "chunked");
    } else if (auto const length = stated_length(exchange.verb, response)) {
        fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", *length);
    }
    for (auto const& [name, value] : response.headers) {
        if (!is_written_by_server(name)) append_field(head, name, value);
    }
    append_field(head, "Date", date_text(now));
    if (exchange.afterwards == Afterwards::close) {
        append_field(head, "Connection", "close");
    } else if (exchange.version == Version::http_1_0) {
        append_field(head, "Connection", "keep-alive");
    }
    head.append("\r\n");
    return head;
}

std::string chunk_head(std::uint64_t size) {
    return fmt::format("{:X}\r\n", size);
}

void queue_chunks(Response response, OutputQueue& output) {
    if (!response.text.empty()) {
        output.add(chunk_head(response.text.size()));
        output.add(std::move(response.text));
        output.add("\r\n");
    }
    for (auto& slice : response.slices) {
        if (slice.length == 0) continue;
        output.add(chunk_head(slice.length));
        output.add(std::move(slice));
        output.add("\r\n");
    }
    output.add("0\r\n\r\n");
}

}  // namespace

void queue_response(Response response, Exchange const& exchange, base::TimePoint now, OutputQueue& output) {
    output.add(make_head(response, exchange, now));
    if (!carries_body(exchange.verb, response.status)) return;
    if (is_chunked(response, exchange)) return queue_chunks(std::move(response), output);
    output.add(std::move(response.text));
    for (auto& slice : response.slices)
        output.add(std::move(slice));
}

}  // namespace bluebatch::http
