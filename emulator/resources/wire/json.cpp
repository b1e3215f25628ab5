#include "emulator/resources/wire/json.hpp"

#include "shared/codec/json_shape.hpp"

namespace bluebatch::emulator::resources::wire {

std::optional<Json> parse_object(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (codec::fault_of_json_shape(text) != nullptr) return std::nullopt;
    auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    return json;
}

std::string dump(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json const* find(Json const& json, std::string_view name) {
    if (!json.is_object()) return nullptr;
    auto const found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

Json const* find(Json const& json, std::initializer_list<std::string_view> path) {
    auto const* here = &json;
    for (auto const name : path) {
        here = find(*here, name);
        if (here == nullptr) return nullptr;
    }
    return here;
}

std::string text_at(Json const& json, std::initializer_list<std::string_view> path) {
    auto const* const found = find(json, path);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string{};
}

void copy_member(Json const& from, std::string_view name, Json& to, std::string_view other) {
    if (auto const* const value = find(from, name)) to[std::string{other}] = *value;
}

void merge(Json& json, Json const& change) {
    json.merge_patch(change);
}

}  // namespace bluebatch::emulator::resources::wire
