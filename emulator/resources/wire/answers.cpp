#include "emulator/resources/wire/answers.hpp"

#include "shared/azure/not_emulated.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace bluebatch::emulator::resources::wire {

void throw_exception_from_error(Refusal const& refusal, boost::source_location const&) {
    throw std::logic_error("unchecked refusal: " + refusal.code);
}

http::Response to_response(Refusal const& refusal) {
    Json error{{"code", refusal.code}, {"message", refusal.message}};
    if (!refusal.target.empty()) error["target"] = refusal.target;
    for (auto const& [code, message] : refusal.details)
        error["details"].push_back(Json{{"code", code}, {"message", message}});
    auto response = answer({{"error", std::move(error)}}, refusal.status);
    response.headers.set("x-ms-failure-cause", refusal.origin == Origin::gateway ? "gateway" : "service");
    return response;
}

Refusal batch_refusal(
    int status, std::string code, std::string_view message, std::string_view request_id, base::TimePoint now
) {
    return {
        status,
        std::move(code),
        fmt::format("{}\nRequestId:{}\nTime:{}", message, request_id, base::to_iso8601(now)),
        Origin::service};
}

Refusal bad_member(std::string_view name) {
    return {400, "InvalidRequestBody", fmt::format("The value of '{}' is not valid.", name), Origin::service};
}

Result<Json const*> find_properties(Json const& body) {
    auto const* const properties = find(body, "properties");
    if (properties != nullptr && !properties->is_object()) return bad_member("properties");
    return properties;
}

http::Response answer(Json const& body, int status) {
    http::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.text = dump(body);
    return response;
}

http::Response empty_answer(int status) {
    http::Response response;
    response.status = status;
    return response;
}

http::Response list_answer(Json values) {
    return answer({{"value", std::move(values)}});
}

http::Response not_emulated(std::string_view what) {
    constexpr int kNotImplemented = 501;
    auto response =
        to_response({kNotImplemented, "NotImplemented", fmt::format("The emulator does not have {}.", what)});
    azure::name_not_emulated(response.headers, what);
    return response;
}

}  // namespace bluebatch::emulator::resources::wire
