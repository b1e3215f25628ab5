#include "emulator/app/azure_hosts.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::app {

namespace {

enum class Certified : bool { no, yes };

struct Row {
    std::string_view domain;
    int most_labels;  // that a host has before it: an account, then a region; 0: it is the host
    HostedService service;
    Certified certified;
};

constexpr auto kRows = std::to_array<Row>({
    {"blob.core.windows.net", 1, HostedService::blob, Certified::yes},
    {"blob.localhost", 1, HostedService::blob, Certified::yes},
    {"web.core.windows.net", 2, HostedService::blob, Certified::no},
    {"web.localhost", 1, HostedService::blob, Certified::yes},
    {"batch.azure.com", 2, HostedService::batch, Certified::yes},
    {"batch.localhost", 2, HostedService::batch, Certified::yes},
    {"login.microsoftonline.com", 0, HostedService::identity, Certified::yes},
    {"management.azure.com", 0, HostedService::resources, Certified::yes},
});

constexpr std::string_view kLocalDomain = "localhost";
constexpr int kMostLocalLabels = 4;
constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
           });
}

// Whether a host is that domain, or has one to `most_labels` labels before it.
bool is_within(std::string_view host, std::string_view domain, int most_labels) {
    if (most_labels == 0) return base::equal_ignoring_case(host, domain);
    if (host.size() <= domain.size() + 1 || host.size() > kLongestHost) return false;
    auto const split = host.size() - domain.size();
    if (host[split - 1] != '.' || !base::equal_ignoring_case(host.substr(split), domain)) return false;
    auto const labels = base::split(host.substr(0, split - 1), '.');
    return static_cast<int>(labels.size()) <= most_labels && std::ranges::all_of(labels, is_label);
}

Row const* find_row(std::string_view host) {
    auto const found = std::ranges::find_if(kRows, [&](Row const& row) {
        return is_within(host, row.domain, row.most_labels);
    });
    return found == kRows.end() ? nullptr : &*found;
}

bool is_every_interface(std::string_view host) {
    return host == "0.0.0.0" || host == "::";
}

std::string without_brackets(std::string const& host) {
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

std::optional<HostedService> service_of(std::string_view authority) {
    auto const* const row = find_row(authority.substr(0, authority.find(':')));
    return row == nullptr ? std::nullopt : std::optional(row->service);
}

bool is_certified(std::string_view host) {
    if (host == kLocalDomain || is_within(host, kLocalDomain, kMostLocalLabels)) return true;
    auto const* const row = find_row(host);
    return row != nullptr && row->certified == Certified::yes;
}

std::vector<std::string> local_hosts(std::string const& listening) {
    std::vector<std::string> hosts{std::string(kLocalDomain), "127.0.0.1", "::1"};
    auto const address = base::to_lower(without_brackets(listening));
    bool const is_another = base::is_ip_address(address) && !is_every_interface(address) &&
                            std::ranges::find(hosts, address) == hosts.end();
    if (is_another) hosts.push_back(address);
    return hosts;
}

base::PermittedHosts permitted_hosts(std::string const& listening) {
    base::PermittedHosts permitted;
    permitted.domains.emplace_back(kLocalDomain);
    for (auto const& row : kRows) {
        bool const is_below_another = is_within(row.domain, kLocalDomain, kMostLocalLabels);
        if (row.certified == Certified::yes && !is_below_another) permitted.domains.emplace_back(row.domain);
    }
    permitted.addresses = local_hosts(listening);
    permitted.addresses.erase(permitted.addresses.begin());  // the one that is a name
    return permitted;
}

}  // namespace bluebatch::emulator::app
