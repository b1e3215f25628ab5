#include "emulator/resources/wire/storage_sas.hpp"

#include "emulator/resources/wire/storage_account.hpp"
#include "shared/azure/storage_sas.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <optional>

namespace bluebatch::emulator::resources::wire {

namespace {

// Members that would go into a signature and are not written here.
Refusal unknown_member(std::string_view name) {
    return {
        400,
        "InvalidValuesForRequestParameters",
        fmt::format("The emulator makes no signatures with {}.", name),
        Origin::service};
}

// What would be left out of a signature would make it open more than was asked for.
std::optional<Refusal> fault_of_texts(Json const& body, std::initializer_list<std::string_view> members) {
    for (auto const member : members) {
        auto const* const value = find(body, member);
        if (value != nullptr && !value->is_string()) return bad_storage_values(member);
    }
    return std::nullopt;
}

std::optional<base::TimePoint> time_at(Json const& body, std::string_view name) {
    return azure::parse_sas_time(text_at(body, {name}));
}

}  // namespace

Result<std::string> account_sas(Json const& body, std::string_view account, std::string_view key_base64) {
    if (auto const fault = fault_of_texts(
            body,
            {"signedServices",
             "signedResourceTypes",
             "signedPermission",
             "signedProtocol",
             "signedIp",
             "signedStart",
             "signedExpiry",
             "keyToSign"}
        ))
        return *fault;
    azure::AccountSasOptions options;
    options.account = account;
    options.key_base64 = key_base64;
    options.services = text_at(body, {"signedServices"});
    options.resource_types = text_at(body, {"signedResourceTypes"});
    options.permissions = text_at(body, {"signedPermission"});
    options.protocol = text_at(body, {"signedProtocol"});
    options.ip = text_at(body, {"signedIp"});
    for (auto const* const member : {"signedServices", "signedResourceTypes", "signedPermission"})
        if (text_at(body, {member}).empty()) return bad_storage_values(member);
    auto const expiry = time_at(body, "signedExpiry");
    if (!expiry) return bad_storage_values("signedExpiry");
    options.expiry = *expiry;
    options.start = time_at(body, "signedStart");
    if (find(body, "signedStart") != nullptr && !options.start) return bad_storage_values("signedStart");
    return azure::make_account_sas(options);
}

Result<std::string> service_sas(Json const& body, std::string_view account, std::string_view key_base64) {
    if (auto const fault = fault_of_texts(
            body,
            {"canonicalizedResource",
             "signedResource",
             "signedPermission",
             "signedIdentifier",
             "signedProtocol",
             "signedIp",
             "signedStart",
             "signedExpiry",
             "keyToSign",
             "rscc",
             "rscd",
             "rsce",
             "rscl",
             "rsct"}
        ))
        return *fault;
    // "/blob/ACCOUNT/CONTAINER[/BLOB]"
    auto const resource = text_at(body, {"canonicalizedResource"});
    auto const prefix = fmt::format("/blob/{}/", account);
    if (!resource.starts_with(prefix)) return bad_storage_values("canonicalizedResource");
    auto const rest = std::string_view{resource}.substr(prefix.size());
    auto const slash = rest.find('/');
    azure::ServiceSasOptions options;
    options.account = account;
    options.key_base64 = key_base64;
    options.container = rest.substr(0, slash);
    if (slash != std::string_view::npos) options.blob = rest.substr(slash + 1);
    auto const kind = text_at(body, {"signedResource"});
    if (options.container.empty() || kind != (options.blob.empty() ? "c" : "b"))
        return bad_storage_values("signedResource");
    for (auto const* const member : {"startPk", "endPk", "startRk", "endRk"})
        if (find(body, member) != nullptr) return unknown_member(member);
    options.permissions = text_at(body, {"signedPermission"});
    options.identifier = text_at(body, {"signedIdentifier"});
    options.protocol = text_at(body, {"signedProtocol"});
    options.ip = text_at(body, {"signedIp"});
    options.cache_control = text_at(body, {"rscc"});
    options.content_disposition = text_at(body, {"rscd"});
    options.content_encoding = text_at(body, {"rsce"});
    options.content_language = text_at(body, {"rscl"});
    options.content_type = text_at(body, {"rsct"});
    options.start = time_at(body, "signedStart");
    options.expiry = time_at(body, "signedExpiry");
    if (find(body, "signedStart") != nullptr && !options.start) return bad_storage_values("signedStart");
    if (options.identifier.empty() && !options.expiry) return bad_storage_values("signedExpiry");
    if (options.identifier.empty() && options.permissions.empty())
        return bad_storage_values("signedPermission");
    return azure::make_service_sas(options);
}

}  // namespace bluebatch::emulator::resources::wire
