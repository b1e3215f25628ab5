#include "emulator/resources/routes/call.hpp"

#include "emulator/resources/regions.hpp"
#include "emulator/resources/service/groups.hpp"
#include "emulator/resources/service/operations.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bluebatch::emulator::resources::routes {

std::string Call::base_url() const {
    auto const* const scheme = request.scheme == http::Scheme::https ? "https://" : "http://";
    return scheme + std::string{request.host()};
}

Refusal Call::batch_refusal(int status, std::string code, std::string_view message) const {
    return wire::batch_refusal(status, std::move(code), message, request_id, now);
}

Result<Json> read_body(Call const& call) {
    auto const& text = call.request.body.bytes;
    if (base::trim(text).empty()) return wire::succeed(Json::object());
    auto json = wire::parse_object(text);
    if (json) return wire::succeed(*std::move(json));
    return Refusal{
        400, "InvalidRequestContent", "The request content was invalid and could not be deserialized."};
}

std::string normal_location(std::string_view location) {
    auto normal = base::to_lower(location);
    std::erase(normal, ' ');
    return normal;
}

bool is_location(std::string_view normal) {
    return std::ranges::find(regions(), normal, &Region::name) != regions().end();
}

Refusal no_such_group(std::string_view name) {
    return {
        404,
        "ResourceGroupNotFound",
        fmt::format("Resource group '{}' could not be found.", name.substr(0, 128))};
}

Result<storage::ResourceGroup> require_group(Call const& call, Changing const&) {
    auto group = service::find_group(call.world, call.path["group"]);
    if (!group) return no_such_group(call.path["group"]);
    return *std::move(group);
}

http::Response accept(Call const& call, Finished finished) {
    service::keep_operation(call.world, std::move(finished.operation), std::move(finished.resource));
    auto response = wire::empty_answer(202);
    auto const version = call.request.find_query_ignoring_case("api-version").value_or("");
    response.headers.set(
        "Location",
        fmt::format(
            "{}{}?{}api-version={}",
            call.base_url(),
            http::percent_encode(finished.path, http::KeepSlash::yes),
            finished.query,
            http::percent_encode(version)
        )
    );
    response.headers.set("Retry-After", "1");
    return response;
}

std::string next_page(Call const& call, std::string_view token) {
    constexpr std::string_view kName = "$skiptoken";
    auto link = call.base_url() + call.request.path + "?";
    for (auto const& parameter : call.request.query)
        if (!base::equal_ignoring_case(parameter.name, kName))
            link += http::percent_encode(parameter.name) + "=" + http::percent_encode(parameter.value) + "&";
    return link + "$skipToken=" + http::percent_encode(token);
}

}  // namespace bluebatch::emulator::resources::routes
