#include "emulator/blob/routes/answers.hpp"

#include "emulator/blob/versions.hpp"
#include "emulator/blob/wire/request_headers.hpp"
#include "emulator/blob/wire/response_headers.hpp"
#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::blob::routes {

http::Response empty_response(int status) {
    http::Response response;
    response.status = status;
    return response;
}

http::Response xml_response(std::string document) {
    http::Response response;
    response.headers.set("Content-Type", "application/xml");
    response.text = std::move(document);
    return response;
}

http::Response state_response(int status, store::Blob const& blob) {
    auto response = empty_response(status);
    wire::add_state(response.headers, blob);
    wire::add_version(response.headers, blob);
    return response;
}

azure::StorageResult<Guard> read_guard_of_read(Call const& call) {
    auto guard = wire::read_guard(call.headers());
    if (!guard) return guard;
    auto& tags = guard->conditions.if_none_match;
    bool const is_any = tags && base::trim(*tags) == "*";
    if (is_any && call.version < kFirstWithAnyTagOfReads) tags.reset();
    return guard;
}

azure::StorageResult<std::size_t> read_max_results(http::RequestHead const& head, std::size_t most) {
    auto const text = head.find_query("maxresults").value_or("");
    if (text.empty()) return std::size_t{0};
    auto const number = base::parse_number<std::size_t>(text);
    if (!number) return azure::invalid_query_parameter("maxresults", text, "");
    if (*number == 0) {
        return azure::StorageError{
            azure::StorageErrorCode::out_of_range_query_parameter_value,
            {{"QueryParameterName", "maxresults"},
             {"QueryParameterValue", std::string{text}},
             {"MinimumAllowed", "1"},
             {"MaximumAllowed", std::to_string(most)}}};
    }
    return std::min(*number, most);
}

}  // namespace bluebatch::emulator::blob::routes
