#include "emulator/batch/wire/json.hpp"

#include "shared/codec/json_shape.hpp"

#include <algorithm>
#include <utility>

namespace bluebatch::emulator::batch::wire {

azure::BatchResult<Json> parse_body(std::string_view body) {
    if (char const* const fault = codec::fault_of_json_shape(body)) {
        return azure::BatchError{azure::BatchErrorCode::invalid_request_body, {{"Reason", fault}}};
    }
    auto json = Json::parse(body, nullptr, false);
    if (json.is_object()) return succeed(std::move(json));
    std::string const reason =
        json.is_discarded() ? "The body is not well-formed JSON" : "The body is not a JSON object";
    return azure::BatchError{azure::BatchErrorCode::invalid_request_body, {{"Reason", reason}}};
}

std::string dump(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_text(std::string& out, std::string_view text) {
    bool const is_plain =
        std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
    if (is_plain) {
        out.append("\"").append(text).append("\"");
    } else {
        out += dump(Json(text));
    }
}

void set_default(Json& object, char const* name, Json value) {
    if (!object.contains(name)) object[name] = std::move(value);
}

Json const* find(Json const& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    for (auto const& [key, value] : object.get_ref<Json::object_t const&>()) {
        if (key == name) return &value;
    }
    return nullptr;
}

std::string_view text_of(Json const& object, std::string_view name) {
    auto const* const member = find(object, name);
    return member != nullptr && member->is_string() ? member->get_ref<std::string const&>()
                                                    : std::string_view{};
}

}  // namespace bluebatch::emulator::batch::wire
