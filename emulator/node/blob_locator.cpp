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

bool names_account(BlobEndpoint const& endpoint, std::string_view host, std::string_view suffix) {
    return std::any_of(endpoint.accounts.begin(), endpoint.accounts.end(), [&](std::string const& account) {
        return base::equal_ignoring_case(host, account + std::string(suffix));
    });
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

}  // namespace bluebatch::emulator::node
