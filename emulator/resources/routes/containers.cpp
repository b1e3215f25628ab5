#include "emulator/resources/resource_id.hpp"
#include "emulator/resources/routes/accounts.hpp"
#include "emulator/resources/routes/tables.hpp"
#include "emulator/resources/service/data_plane.hpp"
#include "emulator/resources/wire/container.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace bluebatch::emulator::resources::routes {

namespace {

using enum http::Verb;

bool is_success(http::IncomingResponse const& response) {
    return response.status >= 200 && response.status < 300;
}

std::string id_of(service::Account const& account) {
    return account_id(account.record.group, kStorageAccounts, account.record.name);
}

// One container of an account that was found; "comp=metadata&" and the like go before the rest of the query.
class Container {
public:
    Container(Call const& call, domain::Account const& account)
        : call_(call), account_(account), path_("/" + http::percent_encode(call.path["container"])) {}

    http::IncomingResponse ask(
        http::Verb verb, std::string_view query, http::Headers headers = {}, std::string body = {}
    ) const {
        return service::ask_blob(
            call_.world,
            account_,
            {verb, fmt::format("{}?{}restype=container", path_, query), std::move(headers), std::move(body)}
        );
    }

private:
    Call const& call_;
    domain::Account const& account_;
    std::string path_;
};

// Without what its stored policies are: setting the access replaces them, so they are read before.
std::optional<Refusal> set_access(Container const& container, std::string const& access) {
    auto policies = container.ask(get, "comp=acl&");
    if (!is_success(policies)) return wire::blob_refusal(policies);
    http::Headers headers;
    headers.set("Content-Type", "application/xml");
    if (!access.empty()) headers.set("x-ms-blob-public-access", access);
    auto const done = container.ask(put, "comp=acl&", std::move(headers), std::move(policies.body));
    if (!is_success(done)) return wire::blob_refusal(done);
    return std::nullopt;
}

std::optional<Refusal> change(Container const& container, wire::ContainerChange const& wanted) {
    if (wanted.metadata) {
        auto const done = container.ask(put, "comp=metadata&", *wanted.metadata);
        if (!is_success(done)) return wire::blob_refusal(done);
    }
    return wanted.public_access ? set_access(container, *wanted.public_access) : std::nullopt;
}

http::Headers headers_of(wire::ContainerChange const& wanted) {
    auto headers = wanted.metadata.value_or(http::Headers{});
    if (!wanted.public_access.value_or("").empty())
        headers.set("x-ms-blob-public-access", *wanted.public_access);
    return headers;
}

struct WantedContainer {
    service::Account account;
    wire::ContainerChange change;
};

// Reads what PUT and PATCH alike say, and goes on with it.
template <class Work>
Result<http::Response> with_container(Call const& call, Work work) {
    auto const body = read_body(call);
    if (!body) return body.error();
    if (auto const what = wire::find_unsupported_container(*body); !what.empty())
        return wire::not_emulated(what);
    auto account = require_account(call, domain::AccountKind::storage);
    if (!account) return account.error();
    auto change = wire::read_container(*body);
    if (!change) return change.error();
    return work(WantedContainer{*std::move(account), *std::move(change)});
}

Result<http::Response> put_wanted(Call const& call, WantedContainer const& wanted) {
    Container const container(call, wanted.account.facts);
    auto const made = container.ask(put, "", headers_of(wanted.change));
    bool const is_there =
        made.status == wire::kConflict && made.headers.get("x-ms-error-code") == "ContainerAlreadyExists";
    if (!is_there && !is_success(made)) return wire::blob_refusal(made);
    if (is_there)
        if (auto const fault = change(container, wanted.change)) return *fault;
    return wire::answer(
        wire::new_container(id_of(wanted.account), call.path["container"]), is_there ? 200 : 201
    );
}

Result<http::Response> put_container(Call const& call) {
    return with_container(call, [&](WantedContainer const& wanted) { return put_wanted(call, wanted); });
}

Result<http::Response> show(Call const& call, service::Account const& account) {
    auto const response = Container(call, account.facts).ask(get, "");
    // HEAD and GET of a container have no body in either case.
    if (response.status == wire::kNotFound)
        return Refusal{
            wire::kNotFound,
            "ContainerNotFound",
            fmt::format(
                "The specified container does not exist.\nRequestId:{}\nTime:{}",
                call.request_id,
                base::to_iso8601(call.now)
            ),
            Origin::service};
    if (!is_success(response)) return wire::blob_refusal(response);
    return wire::answer(wire::container_from(id_of(account), call.path["container"], response.headers));
}

Result<http::Response> get_container(Call const& call) {
    auto const account = require_account(call, domain::AccountKind::storage);
    if (!account) return account.error();
    return show(call, *account);
}

Result<http::Response> patch_container(Call const& call) {
    return with_container(call, [&](WantedContainer const& wanted) -> Result<http::Response> {
        if (auto const fault = change(Container(call, wanted.account.facts), wanted.change)) return *fault;
        return show(call, wanted.account);
    });
}

Result<http::Response> delete_container(Call const& call) {
    auto const account = require_account(call, domain::AccountKind::storage);
    if (!account) return account.error();
    auto const response = Container(call, account->facts).ask(remove, "");
    if (response.status == wire::kNotFound) return wire::empty_answer(204);
    if (!is_success(response)) return wire::blob_refusal(response);
    return wire::empty_answer(200);
}

std::string query_of(Call const& call) {
    std::string query;
    auto const add = [&](std::string_view name, std::string_view blob_name) {
        auto const value = call.request.find_query_ignoring_case(name);
        if (value && !value->empty()) query += fmt::format("&{}={}", blob_name, http::percent_encode(*value));
    };
    add("$maxpagesize", "maxresults");
    add("$filter", "prefix");
    add("$skiptoken", "marker");
    return query;
}

Result<http::Response> list_containers(Call const& call) {
    if (call.request.find_query_ignoring_case("$include"))
        return wire::not_emulated("$include of containers");
    auto const account = require_account(call, domain::AccountKind::storage);
    if (!account) return account.error();
    auto const response =
        service::ask_blob(call.world, account->facts, {get, "/?comp=list" + query_of(call)});
    if (!is_success(response)) return wire::blob_refusal(response);
    auto page = wire::read_containers(id_of(*account), response.body);
    if (!page) throw std::runtime_error("the list of containers is not XML");
    Json body{{"value", std::move(page->values)}};
    if (!page->marker.empty()) body["nextLink"] = next_page(call, page->marker);
    return wire::answer(body);
}

constexpr std::string_view kContainers =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
    "{account}/blobServices/default/containers";
constexpr std::string_view kContainer =
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/"
    "{account}/blobServices/default/containers/{container}";
constexpr std::string_view kReadContainers = "Microsoft.Storage/storageAccounts/blobServices/containers/read";
constexpr std::string_view kWriteContainers =
    "Microsoft.Storage/storageAccounts/blobServices/containers/write";
constexpr std::array<Route, 5> kContainerRoutes{{
    {get, kContainers, "", kReadContainers, list_containers},
    {put, kContainer, "", kWriteContainers, put_container},
    {patch, kContainer, "", kWriteContainers, patch_container},
    {get, kContainer, "", kReadContainers, get_container},
    {remove,
     kContainer,
     "",
     "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
     delete_container},
}};

}  // namespace

std::span<Route const> container_routes() {
    return kContainerRoutes;
}

}  // namespace bluebatch::emulator::resources::routes
