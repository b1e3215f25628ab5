#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace bluebatch::client {

// The text of an object's member; empty where there is none, or another type.
inline std::string text_member(nlohmann::json const& object, char const* name) {
    auto const member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

}  // namespace bluebatch::client
