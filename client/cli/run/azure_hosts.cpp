#include "client/cli/run/azure_hosts.hpp"

#include "shared/base/text.hpp"
#include "shared/http/local_names.hpp"

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
    {".vault.azure.net", HostKind::unemulated},
    {".azurecr.io", HostKind::unemulated},
    {".documents.azure.com", HostKind::unemulated},
    {".servicebus.windows.net", HostKind::unemulated},
    {"graph.microsoft.com", HostKind::unemulated},
    {"login.windows.net", HostKind::unemulated},
    {"login.microsoft.com", HostKind::unemulated},
});

}  // namespace

HostKind kind_of_host(std::string_view host) {
    auto const name = base::to_lower(host);
    for (auto const& row : kHosts) {
        bool const is_meant = row.name.starts_with('.')
                                  ? name.ends_with(row.name) && name.size() > row.name.size()
                                  : name == row.name;
        if (is_meant) return row.kind;
    }
    bool const is_local = name == "::1" || name.starts_with("127.") || http::names_this_machine(name);
    return is_local ? HostKind::loopback : HostKind::foreign;
}

}  // namespace bluebatch::cli
