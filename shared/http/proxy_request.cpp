#include "shared/http/proxy_request.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace bluebatch::http {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kScheme = "http://";
constexpr std::uint16_t kHttpPort = 80;

struct HeaderLine {
    std::string_view name;
    std::string_view value;
};

std::optional<std::vector<HeaderLine>> split_headers(std::string_view text) {
    std::vector<HeaderLine> lines;
    while (!text.empty()) {
        auto const end = text.find(kLineEnd);
        if (end == std::string_view::npos) return std::nullopt;
        auto const line = text.substr(0, end);
        text.remove_prefix(end + kLineEnd.size());
        if (line.empty()) break;
        auto const colon = line.find(':');
        // A line that begins with a blank goes on from the one before; nobody needs that any more.
        if (colon == std::string_view::npos || colon == 0 || line.front() == ' ' || line.front() == '\t')
            return std::nullopt;
        lines.push_back({line.substr(0, colon), base::trim(line.substr(colon + 1))});
    }
    return lines;
}

bool shows(std::vector<HeaderLine> const& lines, std::string_view credentials) {
    constexpr std::string_view kBasic = "Basic ";
    return std::ranges::any_of(lines, [&](HeaderLine const& line) {
        if (!base::equal_ignoring_case(line.name, "Proxy-Authorization")) return false;
        if (!base::starts_with_ignoring_case(line.value, kBasic)) return false;
        auto const given = base::parse_base64(base::trim(line.value.substr(kBasic.size())));
        return given && base::equal_in_constant_time(*given, credentials);
    });
}

// For the proxy, or about this one connection.
bool is_for_hop(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames{
        "Proxy-Authorization", "Proxy-Connection", "Connection", "Keep-Alive", "Upgrade"};
    return std::ranges::any_of(kNames, [&](auto const known) {
        return base::equal_ignoring_case(name, known);
    });
}

std::variant<ProxyRequest, ProxyFault> read_single_request(
    std::string_view method, std::string_view url, std::vector<HeaderLine> const& lines
) {
    url.remove_prefix(kScheme.size());
    auto const path_begin = std::min(url.find_first_of("/?"), url.size());
    ProxyRequest request;
    if (!parse_authority(url.substr(0, path_begin), kHttpPort, request.target))
        return ProxyFault{400, "The URL names no host."};
    auto const path = url.substr(path_begin);
    request.head.append(method)
        .append(path.starts_with('/') ? " " : " /")
        .append(path)
        .append(" HTTP/1.1\r\n");
    for (auto const& line : lines)
        if (!is_for_hop(line.name))
            request.head.append(line.name).append(": ").append(line.value).append(kLineEnd);
    request.head += "Connection: close\r\n\r\n";
    return request;
}

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

bool is_of_address(char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

}  // namespace

bool parse_authority(std::string_view text, std::uint16_t default_port, ProxyTarget& target) {
    constexpr std::size_t kLongestName = 255;
    auto const bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string_view::npos) return false;
    auto const colon = text.find(':', bracket);
    auto host = text.substr(0, colon);
    if (bracket > 0) host = host.substr(1, host.size() - 2);
    bool const is_host = std::ranges::all_of(host, bracket > 0 ? is_of_address : is_of_name);
    if (host.empty() || host.size() > kLongestName || !is_host) return false;
    target.host = host;
    target.port = default_port;
    if (colon == std::string_view::npos) return default_port != 0;
    auto const port = base::parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!port || *port == 0) return false;
    target.port = *port;
    return true;
}

std::variant<ProxyRequest, ProxyFault> read_proxy_request(
    std::string_view head, std::string_view credentials
) {
    auto const line_end = head.find(kLineEnd);
    if (line_end == std::string_view::npos) return ProxyFault{400, "The request has no first line."};
    auto const words = base::split(head.substr(0, line_end), ' ');
    constexpr std::size_t kWords = 3;
    if (words.size() != kWords || !words[2].starts_with("HTTP/1."))
        return ProxyFault{400, "The first line is not that of an HTTP request."};
    auto const lines = split_headers(head.substr(line_end + kLineEnd.size()));
    if (!lines) return ProxyFault{400, "A header is malformed."};
    if (!shows(*lines, credentials))
        return ProxyFault{407, "This proxy is for the program that it was started for."};
    if (words[0] == "CONNECT") {
        ProxyRequest request;
        request.is_tunnel = true;
        if (parse_authority(words[1], 0, request.target)) return request;
        return ProxyFault{400, "CONNECT wants HOST:PORT."};
    }
    if (base::starts_with_ignoring_case(words[1], kScheme))
        return read_single_request(words[0], words[1], *lines);
    return ProxyFault{400, "This is a proxy: it takes CONNECT, and http:// URLs."};
}

}  // namespace bluebatch::http
