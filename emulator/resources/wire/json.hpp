#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::resources::wire {

// Keeps the order of members, which is part of what the service sends.
using Json = nlohmann::ordered_json;

// Nothing when the text is no JSON object, or deeper or with more members than any that clients send.
std::optional<Json> parse_object(std::string_view text);
std::string dump(Json const& json);

// The member of that name, or nullptr when there is none, it is null, or `json` is no object.
Json const* find(Json const& json, std::string_view name);
// The same along a path: {"properties", "autoStorage"}.
Json const* find(Json const& json, std::initializer_list<std::string_view> path);
// The text there, or "" when there is none.
std::string text_at(Json const& json, std::initializer_list<std::string_view> path);

// Takes the member over under another name, if there is one.
void copy_member(Json const& from, std::string_view name, Json& to, std::string_view other);

// Takes over what `change` says, object by object; null removes.
void merge(Json& json, Json const& change);

}  // namespace bluebatch::emulator::resources::wire
