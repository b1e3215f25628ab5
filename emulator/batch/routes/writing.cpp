#include "emulator/batch/routes/call.hpp"
#include "shared/base/text.hpp"

namespace bluebatch::emulator::batch::routes {
namespace {

constexpr std::string_view kJson = "application/json;odata=minimalmetadata";
constexpr std::string_view kSkipToken = "$skiptoken";

// The request's own address with every parameter as it was sent, and where to go on.
std::string next_link(Call const& call, std::string_view token) {
    auto link = call.url() + "?";
    for (auto const part : base::split(call.request.raw_query, '&')) {
        auto const name = http::percent_decode(part.substr(0, part.find('=')));
        if (!part.empty() && !base::equal_ignoring_case(name, kSkipToken)) link.append(part).append("&");
    }
    return link.append(kSkipToken).append("=").append(http::percent_encode(token));
}

std::string begin_with_metadata(Call const& call, std::string_view fragment) {
    std::string text = R"({"odata.metadata":)";
    wire::append_text(text, call.urls.metadata(fragment));
    return text;
}

http::Response answer_of(int status, std::string text) {
    auto response = empty_answer(status);
    response.headers.set("Content-Type", std::string(kJson));
    response.text = std::move(text);
    return response;
}

}  // namespace

http::Response empty_answer(int status) {
    http::Response response;
    response.status = status;
    // What is empty comes in chunks all the same, except 204. Recorded in all versions.
    if (status != 204) response.framing = http::Framing::chunked;
    return response;
}

http::Response json_answer(int status, wire::Json const& body) {
    return answer_of(status, wire::dump(body));
}

http::Response text_answer(Call const& call, std::string_view fragment, std::string_view object) {
    auto text = begin_with_metadata(call, fragment);
    bool const is_empty = object == "{}";
    text.append(is_empty ? "" : ",").append(object.substr(1));
    return answer_of(200, std::move(text));
}

wire::Json with_metadata(Call const& call, std::string_view fragment, wire::Json object) {
    wire::Json body{{"odata.metadata", call.urls.metadata(fragment)}};
    body.update(object);
    return body;
}

void put_tag(http::Response& response, base::TimePoint last_modified) {
    response.headers.set("ETag", base::to_etag(last_modified));
    response.headers.set("Last-Modified", base::to_rfc1123(last_modified));
}

http::Response done(Call const& call, int status, base::TimePoint last_modified) {
    auto response = empty_answer(status);
    put_tag(response, last_modified);
    response.headers.set("DataServiceId", call.url());
    return response;
}

http::Response created(std::string const& url, base::TimePoint last_modified) {
    auto response = empty_answer(201);
    put_tag(response, last_modified);
    response.headers.set("Location", url);
    response.headers.set("DataServiceId", url);
    return response;
}

http::Response list_answer(
    Call const& call, std::string_view fragment, wire::Json values, std::optional<std::string> const& next
) {
    wire::Json body{{"odata.metadata", call.urls.metadata(fragment)}};
    body["value"] = std::move(values);
    if (next) body["odata.nextLink"] = next_link(call, *next);
    return json_answer(200, body);
}

http::Response list_text_answer(
    Call const& call,
    std::string_view fragment,
    std::string_view values,
    std::optional<std::string> const& next
) {
    auto text = begin_with_metadata(call, fragment);
    text.append(R"(,"value":[)").append(values).append("]");
    if (next) {
        text.append(R"(,"odata.nextLink":)");
        wire::append_text(text, next_link(call, *next));
    }
    return answer_of(200, text + '}');
}

}  // namespace bluebatch::emulator::batch::routes
