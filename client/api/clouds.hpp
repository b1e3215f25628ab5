#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bluebatch::client {

// What differs between the clouds of Azure: names of hosts, who signs in, and for whom tokens are made out.
struct Cloud {
    std::string_view name;            // as --cloud takes it
    std::string_view az_name;         // as az and other tools have it
    std::string_view batch_suffix;    // "batch.azure.com"
    std::string_view storage_suffix;  // "core.windows.net"
    std::string_view authority_host;
    std::string_view batch_resource;
    std::string_view storage_resource;
    std::string_view manager_endpoint;  // for which its tokens are made out, too
};

// The host of a URL, or of what was written without a scheme, in lower case.
std::string host_of(std::string_view url);

std::span<Cloud const> clouds();
// The first one, which is meant where nothing says otherwise.
Cloud const& public_cloud();

// By either of its names, in any case; null when there is none.
Cloud const* find_cloud(std::string_view name);
// By the host of an endpoint of Batch or Storage; null where it is of no cloud.
Cloud const* cloud_of_endpoint(std::string_view url);

// "https://ACCOUNT.blob.core.windows.net"
std::string blob_endpoint_of(std::string_view account, Cloud const& cloud);

}  // namespace bluebatch::client
