#include "emulator/node/blob_locator.hpp"

#include "shared/base/text.hpp"
#include "shared/http/url.hpp"

#include <algorithm>

namespace bluebatch::emulator::node {

namespace {

constexpr std::string_view kCloudSuffix = ".blob.core.windows.net";
constexpr std::string_view kLocalSuffix = ".blob.localhost";
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

// The account that a host name begins with, or "".
std::string find_account(BlobEndpoint const& endpoint, std::string_view host) {
    auto const name = base::to_lower(host);
    for (std::string_view const suffix : {kCloudSuffix, kLocalSuffix}) {
        if (!name.ends_with(suffix) || !endpoint.has_account) continue;
        auto account = name.substr(0, name.size() - suffix.size());
        if (endpoint.has_account(account)) return account;
    }
    return {};
}

bool names_account(BlobEndpoint const& endpoint, std::string_view host, std::string_view suffix) {
    return host.size() > suffix.size() &&
           base::equal_ignoring_case(host.substr(host.size() - suffix.size()), suffix) &&
           !find_account(endpoint, host).empty();
}

std::uint16_t port_of(http::Url const& url) {
    std::size_t const colon = url.authority.rfind(':');
    // The colons of an IPv6 address stand inside brackets.
    bool const has_port =
        colon != std::string_view::npos && url.authority.find(']', colon) == std::string_view::npos;
    if (has_port) return base::parse_number<std::uint16_t>(url.authority.substr(colon + 1)).value_or(0);
    return url.scheme == http::Scheme::https ? kHttpsPort : kHttpPort;
}

}  // namespace

bool is_own(BlobEndpoint const& endpoint, std::string_view text) {
    auto const url = http::parse_url(text);
    if (!url || endpoint.port == 0) return false;
    if (names_account(endpoint, url->host, kCloudSuffix)) return true;
    if (port_of(*url) != endpoint.port) return false;
    return http::is_loopback(url->host) || base::equal_ignoring_case(url->host, endpoint.host) ||
           names_account(endpoint, url->host, kLocalSuffix);
}

std::optional<OwnContainer> find_own_container(BlobEndpoint const& endpoint, std::string_view text) {
    auto const url = http::parse_url(text);
    if (!url || !is_own(endpoint, text)) return std::nullopt;
    auto segments = base::split(url->target.substr(0, url->target.find('?')), '/');
    std::erase(segments, std::string_view());
    auto account = find_account(endpoint, url->host);
    bool const has_account = !account.empty();
    if (!has_account && !segments.empty()) account = http::percent_decode(segments.front());
    std::size_t const place = has_account ? 0 : 1;
    if (segments.size() <= place) return std::nullopt;
    return OwnContainer{std::move(account), http::percent_decode(segments[place])};
}

}  // namespace bluebatch::emulator::node
