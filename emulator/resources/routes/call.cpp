#include "emulator/resources/routes/call.hpp"

#include "emulator/resources/regions.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace bluebatch::emulator::resources::routes {

namespace {

constexpr auto kOperationsStay = std::chrono::hours{1};
constexpr std::size_t kLongestTagName = 512;
constexpr std::size_t kLongestTagValue = 256;
constexpr std::size_t kMostTags = 50;

}  // namespace

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

std::optional<Refusal> fault_of_tags(Json const& tags) {
    if (!tags.is_object())
        return Refusal{400, "InvalidTagsInRequest", "The tags of a resource are an object of texts."};
    if (tags.size() > kMostTags)
        return Refusal{
            400,
            "InvalidTags",
            fmt::format("A resource has {} tags at most, not {}.", kMostTags, tags.size())};
    for (auto const& [name, value] : tags.items()) {
        bool const is_good = !name.empty() && name.size() <= kLongestTagName && value.is_string() &&
                             value.get_ref<std::string const&>().size() <= kLongestTagValue;
        if (!is_good)
            return Refusal{
                400,
                "InvalidTagNameCharacters",
                fmt::format("The tag '{}' is not valid.", name.substr(0, 64))};
    }
    return std::nullopt;
}

http::Response accept(Call const& call, Finished finished) {
    storage::Transaction transaction(call.world.database);
    storage::put_operation(
        transaction, {finished.operation, std::move(finished.resource), call.now}, call.now - kOperationsStay
    );
    transaction.commit();
    auto response = wire::empty_answer(202);
    auto const version = call.request.find_query_ignoring_case("api-version").value_or("");
    response.headers.set(
        "Location",
        fmt::format(
            "{}{}?{}api-version={}",
            call.base_url(),
            finished.path,
            finished.query,
            http::percent_encode(version)
        )
    );
    response.headers.set("Retry-After", "1");
    return response;
}

}  // namespace bluebatch::emulator::resources::routes
