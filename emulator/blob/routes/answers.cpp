#include "emulator/blob/routes/answers.hpp"

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

azure::StorageResult<std::size_t> read_max_results(http::RequestHead const& head) {
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
             {"MaximumAllowed", std::to_string(kMaxResults)}}};
    }
    return std::min(*number, kMaxResults);
}

}  // namespace bluebatch::emulator::blob::routes
