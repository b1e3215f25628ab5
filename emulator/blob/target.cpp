#include "emulator/blob/target.hpp"

#include "emulator/blob/rules/names.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bluebatch::emulator::blob {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;

constexpr std::string_view kSecondarySuffix = "-secondary";
constexpr std::string_view kCloudSuffix = ".blob.core.windows.net";
constexpr std::string_view kWebsiteSuffix = "-web";
constexpr std::string_view kRootContainer = "$root";
constexpr std::string_view kChangeFeed = "$blobchangefeed";

struct Authority {
    std::string host;  // lower case
    std::string_view port;
};

Authority split_authority(std::string_view text) {
    auto const colon = text.rfind(':');
    bool const has_port = colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
    if (!has_port) return {base::to_lower(text), {}};
    return {base::to_lower(text.substr(0, colon)), text.substr(colon + 1)};
}

struct Named {
    BlobAccounts::Entry account;
    Replica replica = Replica::primary;
};

Named find_account(std::string_view name, BlobAccounts const& accounts) {
    auto const find = [&](std::string_view wanted) {
        auto found = accounts.find(wanted);
        return found != nullptr && found->name == wanted ? found : nullptr;
    };
    if (auto account = find(name)) return {std::move(account), Replica::primary};
    if (!name.ends_with(kSecondarySuffix)) return {};
    return {find(name.substr(0, name.size() - kSecondarySuffix.size())), Replica::secondary};
}

// "devstoreaccount1.blob.localhost" names an account when it is one of ours.
Named find_account_of_host(std::string_view host, BlobAccounts const& accounts) {
    auto const dot = host.find('.');
    if (dot == std::string_view::npos || !host.substr(dot).starts_with(".blob.")) return {};
    return find_account(host.substr(0, dot), accounts);
}

// What a guest names is made when it is not there, under the hosts of the cloud only. Tells why it is not
// made.
std::string make_room_for_guest(
    http::RequestHead const& head, std::string_view host, BlobAccounts& accounts
) {
    if (!head.is_guest || !host.ends_with(kCloudSuffix)) return {};
    auto name = host.substr(0, host.size() - kCloudSuffix.size());
    if (name.ends_with(kSecondarySuffix)) name.remove_suffix(kSecondarySuffix.size());
    return accounts.find_or_make(name).refusal;
}

// "account.web.localhost" and "account.z6.web.core.windows.net" name a website.
std::string_view website_of_host(std::string_view host) {
    auto const dot = host.find('.');
    if (dot == std::string_view::npos) return {};
    auto rest = host.substr(dot + 1);
    if (rest == "web.localhost") return host.substr(0, dot);
    if (!rest.starts_with('z')) return {};
    rest.remove_prefix(std::min(rest.find('.'), rest.size()));
    return rest == ".web.core.windows.net" ? host.substr(0, dot) : std::string_view{};
}

// Takes the next segment of a path that begins with '/', still encoded.
std::string_view take_segment(std::string_view& path) {
    if (!path.empty()) path.remove_prefix(1);
    auto const segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

// A target of that blob, in the state that the query names.
azure::StorageResult<Target> at_blob(Target target, std::string name, http::RequestHead const& head) {
    target.level = Level::blob;
    target.address.blob = std::move(name);
    if (auto const fault = rules::find_blob_name_fault(target.address.blob)) return *fault;
    auto const snapshot = read_moment(head, "snapshot");
    if (!snapshot) return snapshot.error();
    target.address.snapshot = *snapshot;
    auto const version = read_moment(head, "versionid");
    if (!version) return version.error();
    target.address.version = *version;
    return target;
}

StorageError unknown_account(std::string_view name, std::string const& why) {
    return StorageError{StorageErrorCode::resource_not_found}.with_message(
        "There is no account '" + std::string{name} + "' here. " +
        (why.empty() ? "Accounts are given with --account." : why)
    );
}

}  // namespace

azure::StorageResult<std::optional<base::TimePoint>> read_moment(
    http::RequestHead const& head, std::string_view parameter
) {
    auto const text = head.find_query(parameter).value_or("");
    if (text.empty()) return std::optional<base::TimePoint>{};
    auto const moment = base::parse_iso8601(text);
    if (!moment) return azure::invalid_query_parameter(parameter, text, "");
    return moment;
}

azure::StorageResult<Target> parse_target(http::RequestHead const& head, BlobAccounts& accounts) {
    auto const authority = split_authority(head.host());
    auto const refusal = make_room_for_guest(head, authority.host, accounts);
    std::string_view path = head.path;
    Target target;
    target.endpoint = head.scheme == http::Scheme::https ? "https://" : "http://";
    target.endpoint.append(head.host()).append("/");
    auto named = find_account_of_host(authority.host, accounts);
    if (named.account == nullptr && authority.host.ends_with(kCloudSuffix)) {
        return unknown_account(std::string_view{authority.host}.substr(0, authority.host.find('.')), refusal);
    }
    if (named.account == nullptr) {
        auto const name = http::percent_decode(take_segment(path));
        named = find_account(name, accounts);
        if (named.account == nullptr) return unknown_account(name, refusal);
        target.endpoint.append(name).append("/");
    }
    target.account = named.account;
    target.replica = named.replica;
    target.address.account = named.account->name;

    target.address.container = http::percent_decode(take_segment(path));
    if (target.address.container.empty()) {
        if (path.size() > 1) return StorageErrorCode::invalid_uri;
        return target;
    }
    bool const is_short = path.size() <= 1 && head.find_query("restype").value_or("").empty();
    if (is_short) {
        // What was taken for a container is a blob.
        auto name = std::exchange(target.address.container, kRootContainer);
        return at_blob(std::move(target), std::move(name), head);
    }
    target.level = Level::container;
    if (base::equal_ignoring_case(target.address.container, kChangeFeed)) {
        return azure::not_implemented("The change feed of blobs");
    }
    if (auto const fault = rules::find_container_name_fault(target.address.container)) return *fault;
    if (path.size() <= 1) return target;
    return at_blob(std::move(target), http::percent_decode(path.substr(1)), head);
}

std::optional<Website> parse_website(http::RequestHead const& head, BlobAccounts const& accounts) {
    std::string_view path = head.path;
    auto const host = split_authority(head.host()).host;
    std::string name{website_of_host(host)};
    if (name.empty()) {
        if (find_account_of_host(host, accounts).account != nullptr) return std::nullopt;
        name = http::percent_decode(take_segment(path));
        if (find_account(name, accounts).account != nullptr || !name.ends_with(kWebsiteSuffix)) {
            return std::nullopt;
        }
        name.resize(name.size() - kWebsiteSuffix.size());
    }
    auto const account = find_account(name, accounts).account;
    if (account == nullptr) return std::nullopt;
    return Website{account->name, http::percent_decode(path.substr(path.starts_with('/') ? 1 : 0))};
}

std::optional<azure::StorageResult<Target>> parse_source_url(
    std::string_view url, http::RequestHead const& head, BlobAccounts& accounts, http::RequestHead& source
) {
    constexpr std::array<std::string_view, 4> kThisMachine{"localhost", "127.0.0.1", "[::1]", "0.0.0.0"};
    auto const scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return std::nullopt;
    auto const rest = url.substr(scheme_end + 3);
    auto const path_start = std::min(rest.find('/'), rest.size());
    auto const text = rest.substr(0, path_start);
    auto const theirs = split_authority(text);
    auto const ours = split_authority(head.host());
    bool const is_same = theirs.host == ours.host && theirs.port == ours.port;
    bool const is_this_machine = std::ranges::find(kThisMachine, theirs.host) != kThisMachine.end();
    bool const is_account_host = find_account_of_host(theirs.host, accounts).account != nullptr;
    if (!is_same && !is_account_host && !(is_this_machine && theirs.port == ours.port)) return std::nullopt;

    source.verb = http::Verb::get;
    source.method = "GET";
    // A signature may be for https only.
    source.scheme = base::starts_with_ignoring_case(url, "https:") ? http::Scheme::https : http::Scheme::http;
    source.peer_address = head.peer_address;
    source.is_guest = head.is_guest;
    source.is_inner = head.is_inner;
    source.headers.set("Host", std::string{text});
    if (!http::parse_target(rest.substr(path_start), source)) return StorageErrorCode::invalid_uri;
    return parse_target(source, accounts);
}

}  // namespace bluebatch::emulator::blob
