#include "client/api/clouds.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace bluebatch::client {
namespace {

constexpr std::array kClouds{
    Cloud{
        "public",
        "AzureCloud",
        "batch.azure.com",
        "core.windows.net",
        "https://login.microsoftonline.com",
        "https://batch.core.windows.net/",
        "https://storage.azure.com",
        "https://management.azure.com"},
    Cloud{
        "china",
        "AzureChinaCloud",
        "batch.chinacloudapi.cn",
        "core.chinacloudapi.cn",
        "https://login.chinacloudapi.cn",
        "https://batch.chinacloudapi.cn/",
        "https://storage.azure.com",
        "https://management.chinacloudapi.cn"},
    Cloud{
        "usgov",
        "AzureUSGovernment",
        "batch.usgovcloudapi.net",
        "core.usgovcloudapi.net",
        "https://login.microsoftonline.us",
        "https://batch.core.usgovcloudapi.net/",
        "https://storage.azure.com",
        "https://management.usgovcloudapi.net"},
};

bool is_subdomain(std::string_view host, std::string_view suffix) {
    return host.size() > suffix.size() && host.ends_with(suffix) &&
           host[host.size() - suffix.size() - 1] == '.';
}

}  // namespace

std::string host_of(std::string_view url) {
    if (auto const scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    return base::to_lower(url.substr(0, url.find_first_of("/:?#")));
}

std::span<Cloud const> clouds() {
    return kClouds;
}

Cloud const& public_cloud() {
    return kClouds.front();
}

Cloud const* find_cloud(std::string_view name) {
    auto const* const found = std::ranges::find_if(kClouds, [name](Cloud const& cloud) {
        return base::equal_ignoring_case(cloud.name, name) || base::equal_ignoring_case(cloud.az_name, name);
    });
    return found == kClouds.end() ? nullptr : found;
}

Cloud const* cloud_of_endpoint(std::string_view url) {
    auto const host = host_of(url);
    auto const* const found = std::ranges::find_if(kClouds, [&host](Cloud const& cloud) {
        return is_subdomain(host, cloud.batch_suffix) || is_subdomain(host, cloud.storage_suffix);
    });
    return found == kClouds.end() ? nullptr : found;
}

std::string blob_endpoint_of(std::string_view account, Cloud const& cloud) {
    return fmt::format("https://{}.blob.{}", account, cloud.storage_suffix);
}

}  // namespace bluebatch::client
