#include "shared/http/url.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::http {

namespace {

std::optional<std::string_view> checked_host(std::string_view authority) {
    if (!authority.starts_with('[')) return authority.substr(0, authority.rfind(':'));
    auto const end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    return authority.substr(1, end - 1);
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
    bool const has_blank = std::ranges::any_of(text, [](char byte) {
        return static_cast<unsigned char>(byte) <= ' ' || byte == '\x7f';
    });
    if (has_blank) return std::nullopt;
    Url url;
    if (base::starts_with_ignoring_case(text, "http://")) {
        text.remove_prefix(7);
    } else if (base::starts_with_ignoring_case(text, "https://")) {
        url.scheme = Scheme::https;
        text.remove_prefix(8);
    } else {
        return std::nullopt;
    }
    auto const end = std::min(text.find_first_of("/?#"), text.size());
    url.authority = text.substr(0, end);
    url.target = text.substr(end);
    auto const host = checked_host(url.authority);
    if (!host || host->empty() || url.authority.find('@') != std::string_view::npos) return std::nullopt;
    url.host = *host;
    return url;
}

bool is_loopback(std::string_view host) {
    constexpr std::string_view kSuffix = ".localhost";
    if (base::equal_ignoring_case(host, "localhost") || host == "::1") return true;
    bool const is_ipv4 = host.find_first_not_of("0123456789.") == std::string_view::npos;
    if (is_ipv4) return host.starts_with("127.");
    return host.size() > kSuffix.size() &&
           base::equal_ignoring_case(host.substr(host.size() - kSuffix.size()), kSuffix);
}

}  // namespace bluebatch::http
