#include "emulator/batch/errors.hpp"

#include "shared/azure/not_emulated.hpp"

namespace bluebatch::emulator::batch {

namespace {

// "mountConfiguration of Azure Batch"
std::string what_of(azure::BatchError const& error) {
    for (auto const& [key, value] : error.values)
        if (key == "PropertyName") return value + " of Azure Batch";
    return "a property of Azure Batch";
}

}  // namespace

wire::Json error_json(azure::BatchError const& error, std::string_view request_id, base::TimePoint now) {
    std::string text(azure::message_of(error.code));
    text.append("\nRequestId:").append(request_id).append("\nTime:").append(base::to_iso8601(now, 7));
    wire::Json json{
        {"code", azure::name_of(error.code)}, {"message", {{"lang", "en-US"}, {"value", std::move(text)}}}};
    if (error.values.empty()) return json;
    auto& values = json["values"];
    for (auto const& [key, value] : error.values)
        values.push_back({{"key", key}, {"value", value}});
    return json;
}

http::Response error_answer(
    azure::BatchError const& error,
    http::Verb verb,
    wire::Urls const& urls,
    std::string_view request_id,
    base::TimePoint now
) {
    http::Response response;
    response.status = azure::status_of(error.code);
    if (error.code == azure::BatchErrorCode::unsupported_property)
        azure::name_not_emulated(response.headers, what_of(error));
    if (response.status != 304) response.reason = azure::message_of(error.code);
    if (verb == http::Verb::head || response.status == 304) return response;
    wire::Json body{
        {"odata.metadata",
         urls.metadata("Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element")}};
    body.update(error_json(error, request_id, now));
    response.headers.set("Content-Type", "application/json;odata=minimalmetadata");
    response.text = wire::dump(body);
    return response;
}

}  // namespace bluebatch::emulator::batch
