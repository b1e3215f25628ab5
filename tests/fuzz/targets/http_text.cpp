// Request targets, URLs, percent coding, route patterns, header fields.
#include "shared/base/text.hpp"
#include "shared/http/path_pattern.hpp"
#include "shared/http/url.hpp"
#include "tests/fuzz/support/fuzz.hpp"

#include <algorithm>

namespace bluebatch::fuzz {
namespace {

void check_coding(std::string_view input) {
    auto const encoded = http::percent_encode(input);
    check(http::percent_decode(encoded) == input, "percent coding round trip", input);
    check(http::form_decode(encoded) == input, "forms read percent coding", input);
    check(http::percent_decode(http::percent_encode(input, http::KeepSlash::yes)) == input, "slashes", input);
    check(http::percent_decode(input).size() <= input.size(), "decoding never grows", input);
    http::RequestHead head;
    check(http::parse_target("/" + encoded + "?x=" + encoded, head), "what we encode is a target", input);
    check(http::percent_decode(head.path) == "/" + std::string(input), "and means the same", input);
    check(head.query.size() == 1 && head.query[0].value == input, "so does the query", input);
}

void check_target(std::string_view input) {
    http::RequestHead head;
    if (!http::parse_target(input, head)) return;
    check(head.path.starts_with('/') || head.path == "*", "a path begins with a slash", input);
    for (auto const& parameter : head.query) {
        check(head.raw_query.find(parameter.raw_value) != std::string::npos, "values come as sent", input);
        check(http::form_decode(parameter.raw_value) == parameter.value, "values are decoded", input);
        check(head.find_query(parameter.name).has_value(), "parameters are found", input);
    }
    // The absolute form of a request means the same one.
    http::RequestHead absolute;
    if (!input.starts_with('/')) return;
    check(http::parse_target("http://host" + std::string(input), absolute), "the absolute form", input);
    check(absolute.path == head.path && absolute.raw_query == head.raw_query, "means the same", input);
}

void check_url(std::string_view input) {
    auto const url = http::parse_url(input);
    if (!url) return;
    check(url->authority.find(url->host) != std::string_view::npos, "the host is in the authority", input);
    check(input.ends_with(url->target), "a URL ends with its target", input);
    check(url->authority.find_first_of("/?#@ ") == std::string_view::npos, "an authority", input);
    check(!http::is_loopback(url->host) || url->host.size() < input.size(), "loopback", input);
}

void check_path(std::string_view input) {
    static http::PathPattern const named("/pools/{poolId}/nodes/{nodeId}");
    static http::PathPattern const rest("/{container}/{blob*}");
    http::SplitPath const path(input);
    check(path.size() <= http::SplitPath::kMost, "a bounded number of segments", input);
    for (std::size_t i = 0; i < path.size(); ++i) {
        check(!path[i].empty() && path[i].find('/') == std::string_view::npos, "segments", input);
        check(path.from(i).starts_with(path[i]), "the rest begins with its segment", input);
    }
    if (named.matches(path)) {
        auto const parameters = named.parameters(path);
        check(parameters["poolId"] == http::percent_decode(path[1]), "parameters are decoded", input);
        check(path.well_formed() && path.size() == 4, "only what has the shape matches", input);
    }
    if (rest.matches(path)) check(rest.parameters(path).size() == 2, "the rest of a path", input);
}

void check_headers(std::string_view input) {
    http::Headers headers;
    auto rest = input;
    while (!rest.empty()) {
        auto const line = take_line(rest);
        auto const colon = std::min(line.find(':'), line.size());
        headers.add(line.substr(0, colon), std::string(line.substr(colon)));
    }
    for (auto const& field : headers)
        check(headers.find(base::to_upper(field.name)).has_value(), "names ignore case", input);
    std::string const name(input.substr(0, input.find('\n')));
    headers.set(name, "value");
    check(headers.get(base::to_lower(name)) == "value", "set replaces", input);
    headers.erase(name);
    check(!headers.has(name), "erase erases all", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = to_text(data, size);
    check_coding(input);
    check_target(input);
    check_url(input);
    check_path(input);
    check_headers(input);
    return 0;
}

}  // namespace bluebatch::fuzz
