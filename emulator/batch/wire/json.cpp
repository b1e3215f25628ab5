#include "emulator/batch/wire/json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace bluebatch::emulator::batch::wire {

namespace {

// The deepest body of the service has nine levels. The bound keeps a hostile one from using up the stack:
// values are copied and destroyed by recursion.
constexpr std::size_t kDeepest = 32;
// Members are looked up one after the other, so their number is bounded too; the largest object has some
// sixty.
constexpr std::size_t kMostMembers = 1000;

// Why a body is refused before it is parsed, or nullptr.
char const* fault_of_shape(std::string_view body) {
    std::array<std::size_t, kDeepest + 1> members{};
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < body.size(); ++i) {
        char const c = body[i];
        if (in_string && c == '\\') {
            // No text of the service has NUL in it, and C interfaces would take it for the end.
            if (body.substr(i + 1, 5) == "u0000") return "The body holds a NUL character";
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > kDeepest) return "The body is nested too deeply";
            members.at(depth) = 0;
        } else if (!in_string && c == ':') {
            if (++members.at(depth) > kMostMembers) return "An object of the body has too many members";
        } else if (!in_string && (c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return nullptr;
}

}  // namespace

azure::BatchResult<Json> parse_body(std::string_view body) {
    if (char const* const fault = fault_of_shape(body)) {
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
