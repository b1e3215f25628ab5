#include "emulator/batch/service/node_access.hpp"

#include "emulator/batch/routes/tables.hpp"
#include "emulator/batch/service/node_log.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "emulator/batch/wire/schema/node_access.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::batch::routes {
namespace {

using http::Verb;
using wire::find;
using wire::Json;
using wire::text_of;

constexpr std::string_view kEntities = "Microsoft.Azure.Batch.Protocol.Entities.";
constexpr std::string_view kLogName = "node-agent.log";

// All nodes are this machine; a pool's load balancer gives each a port of its own.
constexpr std::string_view kLoginAddress = "127.0.0.1";
constexpr std::string_view kLoginAddressV6 = "::1";
constexpr int kFirstPort = 50'000;
constexpr int kPorts = 15'000;
constexpr int kFirstAddress = 4;  // "10.0.0.4"

int login_port(domain::Node const& node) {
    int number = 0;
    for (auto const part : base::split(node.ip_address, '.'))
        number = number * 256 + base::parse_number<int>(part).value_or(0) % 256;
    return kFirstPort + std::max((number & 0xFFFFFF) - kFirstAddress, 0) % kPorts;
}

BatchError not_valid_on_node(std::string_view operation, std::string_view configuration) {
    return {
        BatchErrorCode::operation_not_valid_on_node,
        {{"Reason",
          fmt::format(
              "Operation {} can be invoked only on pools created with {}", operation, configuration
          )}}};
}

Result<service::NodeInPool> find_node(Call const& call) {
    storage::Snapshot snapshot(*call.account.database);
    return service::get_node_in_pool(snapshot.connection(), call.path["poolId"], call.path["nodeId"]);
}

bool has_ipv6(Json const& pool_document) {
    auto const* const network = find(pool_document, "networkConfiguration");
    auto const* const addresses =
        network != nullptr ? find(*network, "publicIPAddressConfiguration") : nullptr;
    auto const* const families = addresses != nullptr ? find(*addresses, "ipFamilies") : nullptr;
    return families != nullptr && std::ranges::any_of(*families, [](Json const& family) {
               return base::equal_ignoring_case(family.get_ref<std::string const&>(), "IPv6");
           });
}

Result<http::Response> get_remote_login_settings(Call const& call) {
    auto const found = find_node(call);
    if (!found) return found.error();
    if (service::is_of_cloud_service(found->document))
        return not_valid_on_node("remoteloginsettings", "virtualMachineConfiguration");
    if (auto const fault = service::fault_of_state(found->node)) return *fault;
    auto const port = login_port(found->node);
    Json settings{{"remoteLoginIPAddress", kLoginAddress}, {"remoteLoginPort", port}};
    if (has_ipv6(found->document)) {
        settings["ipv6RemoteLoginIPAddress"] = kLoginAddressV6;
        settings["ipv6RemoteLoginPort"] = port;
    }
    auto body = wire::write_object(std::move(settings), wire::schema::kRemoteLogin, call.version);
    auto const fragment = std::string(kEntities) + "RemoteLoginSettings";
    auto response = json_answer(200, with_metadata(call, fragment, std::move(body)));
    response.headers.set("DataServiceId", call.url());  // recorded, though on no other GET
    return response;
}

// What the service knows of remote desktops are those of cloud services; others go by their login settings.
Result<http::Response> get_remote_desktop(Call const& call) {
    auto const found = find_node(call);
    if (!found) return found.error();
    if (!service::is_of_cloud_service(found->document))
        return not_valid_on_node("rdp", "cloudServiceConfiguration");
    if (auto const fault = service::fault_of_state(found->node)) return *fault;
    auto response = empty_answer(200);
    response.headers.set("Content-Type", "application/octet-stream");
    response.text = fmt::format(
        "full address:s:{}:{}\r\nprompt for credentials:i:1\r\n", kLoginAddress, login_port(found->node)
    );
    return response;
}

BatchError out_of_order() {
    return wire::invalid_property("endTime", "", "The end lies before the start");
}

Result<http::Response> upload_logs(Call const& call) {
    auto const body = read_body(call, wire::schema::kUploadLogs, wire::kAdd);
    if (!body) return body.error();
    auto const container = text_of(*body, "containerUrl");
    bool const is_url = base::starts_with_ignoring_case(container, "http://") ||
                        base::starts_with_ignoring_case(container, "https://");
    if (!is_url) return wire::invalid_property("containerUrl", "", "The value is not an http or https URL");
    service::LogSpan const span{
        base::parse_iso8601(text_of(*body, "startTime")).value(),
        base::parse_iso8601(text_of(*body, "endTime"))};
    if (span.end && *span.end < span.start) return out_of_order();
    auto log = service::write_node_log(call.context(), call.path["poolId"], call.path["nodeId"], span);
    if (!log) return log.error();
    auto const folder = fmt::format("{}/{}/{}", call.path["poolId"], call.path["nodeId"], call.request_id);
    auto const* const identity = wire::find(*body, "identityReference");
    bool const is_taken = call.account.upload_log(
        {std::string(container),
         fmt::format("{}/{}", folder, kLogName),
         std::move(*log),
         identity != nullptr ? std::string(text_of(*identity, "resourceId")) : std::string()}
    );
    if (!is_taken) return BatchError{BatchErrorCode::server_busy, {}};
    Json result{{"virtualDirectoryName", folder}, {"numberOfFilesUploaded", 1}};
    auto const fragment = std::string(kEntities) + "UploadBatchServiceLogsResult";
    return json_answer(200, with_metadata(call, fragment, std::move(result)));
}

// An extension as a node shows it. It is data of the pool: nothing is installed.
Json write_extension(Json const& extension, domain::Node const& node) {
    Json status{
        {"code", "ProvisioningState/succeeded"},
        {"displayStatus", "Provisioning succeeded"},
        {"level", "Info"},
        {"message", "The emulator keeps the extension as data; nothing is installed on this machine"},
        {"time", base::to_iso8601(node.last_boot_time.value_or(node.allocation_time))}};
    return {
        {"provisioningState", "Succeeded"},
        {"vmExtension", extension},
        {"instanceView", {{"name", text_of(extension, "name")}, {"statuses", Json::array({status})}}}};
}

Json extensions_of(Json const& pool_document) {
    auto const* const machine = find(pool_document, "virtualMachineConfiguration");
    auto const* const extensions = machine != nullptr ? find(*machine, "extensions") : nullptr;
    return extensions != nullptr ? *extensions : Json::array();
}

Json in_version(Call const& call, wire::Selection const& selection, Json extension) {
    return selection.apply(
        wire::write_object(std::move(extension), wire::schema::kNodeExtension, call.version)
    );
}

Result<http::Response> list_extensions(Call const& call) {
    auto const selection = read_selection(call, wire::schema::kNodeExtension);
    if (!selection) return selection.error();
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    auto const found = find_node(call);
    if (!found) return found.error();
    auto const extensions = extensions_of(found->document);
    auto next = base::parse_number<std::size_t>(read_skip_token(call)).value_or(0);
    auto values = Json::array();
    for (; next < extensions.size() && values.size() < static_cast<std::size_t>(*size); ++next)
        values.push_back(in_version(call, *selection, write_extension(extensions[next], found->node)));
    auto const more = next < extensions.size() ? std::optional{std::to_string(next)} : std::nullopt;
    return list_answer(call, "extensions", std::move(values), more);
}

Result<http::Response> get_extension(Call const& call) {
    auto const selection = read_selection(call, wire::schema::kNodeExtension);
    if (!selection) return selection.error();
    auto const found = find_node(call);
    if (!found) return found.error();
    for (auto const& extension : extensions_of(found->document)) {
        if (!base::equal_ignoring_case(text_of(extension, "name"), call.path["extensionName"])) continue;
        auto body = in_version(call, *selection, write_extension(extension, found->node));
        return json_answer(200, with_metadata(call, "extensions/@Element", std::move(body)));
    }
    return BatchError{BatchErrorCode::resource_not_found, {}};
}

// clang-format off
constexpr auto kNodeAccessRoutes = std::to_array<Route>({
    {Verb::get,  "/pools/{poolId}/nodes/{nodeId}/remoteloginsettings",        "", "ComputeNode_GetRemoteLoginSettings", &get_remote_login_settings},
    {Verb::get,  "/pools/{poolId}/nodes/{nodeId}/rdp",                        "", "ComputeNode_GetRemoteDesktop",       &get_remote_desktop, {"", "2024-07-01.20.0"}},
    {Verb::post, "/pools/{poolId}/nodes/{nodeId}/uploadbatchservicelogs",     "", "ComputeNode_UploadBatchServiceLogs", &upload_logs, {"2018-03-01.6.1", ""}},
    {Verb::get,  "/pools/{poolId}/nodes/{nodeId}/extensions",                 "", "ComputeNodeExtension_List",          &list_extensions, {"2021-06-01.14.0", ""}},
    {Verb::get,  "/pools/{poolId}/nodes/{nodeId}/extensions/{extensionName}", "", "ComputeNodeExtension_Get",           &get_extension, {"2021-06-01.14.0", ""}},
});
// clang-format on

}  // namespace

std::span<Route const> node_access_routes() {
    return kNodeAccessRoutes;
}

}  // namespace bluebatch::emulator::batch::routes
