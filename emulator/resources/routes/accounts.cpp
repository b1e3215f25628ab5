#include "emulator/resources/routes/accounts.hpp"

#include "emulator/resources/resource_id.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::resources::routes {

namespace {

std::string_view type_of(domain::AccountKind kind) {
    return kind == domain::AccountKind::batch ? kBatchAccounts : kStorageAccounts;
}

}  // namespace

std::optional<service::Account> find_account(Call const& call, domain::AccountKind kind) {
    return service::find_account(call.world, kind, call.path["group"], call.path["account"]);
}

Refusal no_such_account(Call const& call, domain::AccountKind kind) {
    return {
        404,
        "ResourceNotFound",
        fmt::format(
            "The Resource '{}/{}' under resource group '{}' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
            type_of(kind),
            call.path["account"].substr(0, 64),
            call.path["group"]
        )};
}

Result<service::Account> require_account(Call const& call, domain::AccountKind kind) {
    auto account = find_account(call, kind);
    if (!account) return no_such_account(call, kind);
    return *std::move(account);
}

Refusal locked(service::Account const& account, std::string_view operation) {
    auto const id = account_id(account.record.group, type_of(account.record.kind), account.record.name);
    return {
        409,
        "ScopeLocked",
        fmt::format(
            "The scope '{0}' cannot perform {1} operation because following scope(s) are locked: '{0}'. It "
            "was given with its keys at the start of the emulator.",
            id,
            operation
        )};
}

Result<Json> read_account(Call const& call) {
    auto body = read_body(call);
    if (!body) return body;
    if (auto const* const tags = wire::find(*body, "tags"))
        if (auto const fault = fault_of_tags(*tags)) return *fault;
    return body;
}

Result<std::string> read_location(Json const& body, std::string_view type) {
    auto const location = normal_location(wire::text_at(body, {"location"}));
    if (location.empty())
        return Refusal{400, "LocationRequired", "The location property is required for this definition."};
    if (!is_location(location))
        return Refusal{
            400,
            "LocationNotAvailableForResourceType",
            fmt::format(
                "The provided location '{}' is not available for resource type '{}'.",
                location.substr(0, 64),
                type
            )};
    return location;
}

std::optional<Refusal> fault_of_place(service::Account const& account, std::string_view location) {
    auto const& record = account.record;
    if (record.location == location) return std::nullopt;
    return Refusal{
        409,
        "InvalidResourceLocation",
        fmt::format(
            "The resource '{}' already exists in location '{}' in resource group '{}'. A resource with the "
            "same name cannot be created in location '{}'. Please select a new resource name.",
            record.name,
            record.location,
            record.group,
            location
        )};
}

Refusal no_auto_storage(Call const& call) {
    return call.batch_refusal(
        409, "AccountHasNoAutoStorage", "The specified account does not have auto storage configured."
    );
}

Json document_of(service::Account const& account) {
    return wire::parse_object(account.record.document).value_or(Json::object());
}

}  // namespace bluebatch::emulator::resources::routes
