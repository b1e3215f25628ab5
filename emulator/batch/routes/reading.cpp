#include "emulator/batch/routes/call.hpp"
#include "emulator/batch/wire/reader.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>

namespace bluebatch::emulator::batch::routes {
namespace {

constexpr std::size_t kLongestEcho = 256;

// Types with and without the odata parameter are sent, and with a charset. Batch: REST-10
bool is_json(std::string_view content_type) {
    return base::starts_with_ignoring_case(base::trim(content_type), "application/json");
}

std::optional<std::string_view> find_query(Call const& call, std::string_view name) {
    return call.request.find_query_ignoring_case(name);
}

}  // namespace

BatchError invalid_query(std::string_view name, std::string_view value, std::string reason) {
    return {
        BatchErrorCode::invalid_query_parameter_value,
        {{"QueryParameterName", std::string(name)},
         {"QueryParameterValue", std::string(value.substr(0, kLongestEcho))},
         {"Reason", std::move(reason)}}};
}

Result<wire::Json> read_body(Call const& call, wire::Object const& object, wire::Uses use) {
    auto const content_type = call.request.headers.get("Content-Type");
    if (!content_type.empty() && !is_json(content_type)) {
        return BatchError{
            BatchErrorCode::invalid_header_value,
            {{"HeaderName", "Content-Type"},
             {"HeaderValue", std::string(content_type.substr(0, kLongestEcho))}}};
    }
    auto const body = wire::parse_body(call.request.body.bytes);
    if (!body) return body.error();
    return wire::read_object(*body, object, use, call.version);
}

Result<wire::Json> read_optional_body(Call const& call, wire::Object const& object, wire::Uses use) {
    if (call.request.body.bytes.empty()) return wire::succeed(wire::Json::object());
    return read_body(call, object, use);
}

Result<service::Conditions> read_conditions(Call const& call) {
    return service::read_conditions(call.request.headers);
}

Result<wire::Selection> read_selection(Call const& call, wire::Object const& object) {
    auto const expand = find_query(call, "$expand").value_or("");
    if (!expand.empty() && expand != "stats")
        return invalid_query("$expand", expand, "Only 'stats' can be expanded");
    return wire::Selection::parse(find_query(call, "$select").value_or(""), object);
}

Result<int> read_page_size(Call const& call, int most) {
    auto const text = find_query(call, "maxresults").value_or("");
    if (text.empty()) return most;
    auto const size = base::parse_number<int>(text);
    if (!size) return invalid_query("maxresults", text, "MaxResults is not a number");
    if (*size < 1) return invalid_query("maxresults", text, "MaxResults cannot be less than 1");
    if (*size > most)
        return invalid_query("maxresults", text, fmt::format("MaxResults cannot be greater than {}", most));
    return *size;
}

std::string read_skip_token(Call const& call) {
    return std::string(find_query(call, "$skiptoken").value_or(""));
}

Result<std::optional<codec::odata::Filter>> read_filter(Call const& call) {
    auto const text = find_query(call, "$filter").value_or("");
    if (text.empty()) return std::optional<codec::odata::Filter>{};
    auto filter = codec::odata::parse_filter(text);
    if (!filter) return invalid_query("$filter", text, filter.error().message);
    return std::optional<codec::odata::Filter>{std::move(*filter)};
}

Result<storage::ListQuery> read_list_query(Call const& call, storage::ListKind kind) {
    auto const size = read_page_size(call, kLargestPage);
    if (!size) return size.error();
    auto filter = read_filter(call);
    if (!filter) return filter.error();
    if (*filter) {
        if (auto fault = storage::fault_of(kind, **filter))
            return invalid_query("$filter", find_query(call, "$filter").value_or(""), std::move(*fault));
    }
    return storage::ListQuery{std::move(*filter), read_skip_token(call), *size + 1};
}

}  // namespace bluebatch::emulator::batch::routes
