#include "client/cli/run/azure_hosts.hpp"

#include "shared/base/text.hpp"
#include "shared/http/local_names.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <string>

namespace bluebatch::cli {

namespace {

struct Row {
    std::string_view name;  // that begins with a point: all hosts below it
    HostKind kind;
};
constexpr auto kHosts = std::to_array<Row>({
    {".blob.core.windows.net", HostKind::emulated},
    {".batch.azure.com", HostKind::emulated},
    {"login.microsoftonline.com", HostKind::emulated},
    {"management.azure.com", HostKind::emulated},
    {"169.254.169.254", HostKind::emulated},  // managed identities of a virtual machine
    {".core.windows.net", HostKind::unemulated},
    {".storage.azure.net", HostKind::unemulated},
    {".core.usgovcloudapi.net", HostKind::unemulated},
    {".core.chinacloudapi.cn", HostKind::unemulated},
    {".batch.azure.us", HostKind::unemulated},
    {".batch.chinacloudapi.cn", HostKind::unemulated},
    {"login.microsoftonline.us", HostKind::unemulated},
    {"login.partner.microsoftonline.cn", HostKind::unemulated},
    {"management.usgovcloudapi.net", HostKind::unemulated},
    {"management.chinacloudapi.cn", HostKind::unemulated},
    {"graph.windows.net", HostKind::unemulated},
    {"sts.windows.net", HostKind::unemulated},
    {".vault.azure.net", HostKind::unemulated},
    {".azurecr.io", HostKind::unemulated},
    {".documents.azure.com", HostKind::unemulated},
    {".servicebus.windows.net", HostKind::unemulated},
    {"graph.microsoft.com", HostKind::unemulated},
    {"login.windows.net", HostKind::unemulated},
    {"login.microsoft.com", HostKind::unemulated},
});

// Names that only begin so are anybody's.
bool is_loopback_address(std::string const& host) {
    in_addr address{};
    constexpr std::uint32_t kLoopback = 127;
    return host == "::1" ||
           (::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == kLoopback);
}

}  // namespace

HostKind kind_of_host(std::string_view host) {
    auto name = base::to_lower(host);
    // A final point says that the name is whole; it means the same host.
    if (name.ends_with('.')) name.pop_back();
    for (auto const& row : kHosts) {
        bool const is_meant = row.name.starts_with('.')
                                  ? name.ends_with(row.name) && name.size() > row.name.size()
                                  : name == row.name;
        if (is_meant) return row.kind;
    }
    return is_loopback_address(name) || http::names_this_machine(name) ? HostKind::loopback
                                                                       : HostKind::foreign;
}

}  // namespace bluebatch::cli
