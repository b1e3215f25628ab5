#pragma once

#include "shared/azure/batch_error.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace bluebatch::emulator::batch::wire {

// Keeps the order of members, which is part of what the service sends.
using Json = nlohmann::ordered_json;

// JSON converts to nearly everything, so a Result of it has to be told what it is given.
inline azure::BatchResult<Json> succeed(Json json) {
    return azure::BatchResult<Json>(boost::system::in_place_value, std::move(json));
}

// The JSON object that a request's body is; InvalidRequestBody when it is none.
azure::BatchResult<Json> parse_body(std::string_view body);

std::string dump(Json const& json);

// Adds the text as JSON has it, in quotes.
void append_text(std::string& out, std::string_view text);

// Where the object has no member of that name.
void set_default(Json& object, char const* name, Json value);

// The member of that name, or nullptr when there is none.
Json const* find(Json const& object, std::string_view name);

// The text member of that name, or "".
std::string_view text_of(Json const& object, std::string_view name);

}  // namespace bluebatch::emulator::batch::wire
