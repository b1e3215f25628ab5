#include "emulator/batch/wire/writer.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace bluebatch::emulator::batch::wire {
namespace {

Json* find_member(Json& object, std::string_view name) {
    for (auto& [key, value] : object.get_ref<Json::object_t&>()) {
        if (key == name) return &value;
    }
    return nullptr;
}

void copy_path(Json const& from, std::vector<std::string> const& path, std::size_t at, Json& to) {
    auto const* const member = find(from, path[at]);
    if (member == nullptr) return;
    if (at + 1 == path.size()) {
        to[path[at]] = *member;
        return;
    }
    if (!member->is_object()) return;
    auto* const known = find_member(to, path[at]);
    Json inner = known != nullptr ? *known : Json::object();
    copy_path(*member, path, at + 1, inner);
    if (!inner.empty()) to[path[at]] = std::move(inner);
}

}  // namespace

Json write_object(Json newest, Object const& object, ApiVersion version) {
    Json out = Json::object();
    for (auto const& field : object.fields) {
        if ((field.uses & kAnswer) == 0 || !field.is_in(version)) continue;
        auto* const member = find_member(newest, field.stored_name());
        if (member == nullptr) continue;
        out.get_ref<Json::object_t&>().emplace(
            std::string(field.name), write_value(std::move(*member), field, version)
        );
    }
    return out;
}

Json write_value(Json value, Field const& field, ApiVersion version) {
    if (field.object == nullptr) return value;
    if (field.kind == Kind::object) return write_object(std::move(value), *field.object, version);
    Json list = Json::array();
    for (auto& item : value)
        list.push_back(write_object(std::move(item), *field.object, version));
    return list;
}

azure::BatchResult<Selection> Selection::parse(std::string_view text, Object const& object) {
    Selection selection;
    for (auto const part : base::split(text, ',')) {
        auto const name = base::trim(part);
        if (name.empty()) continue;
        std::vector<std::string> path;
        for (auto const step : base::split(name, '/'))
            path.emplace_back(step);
        bool const is_known = std::ranges::any_of(object.fields, [&](Field const& field) {
            return (field.uses & kAnswer) != 0 && field.name == path.front();
        });
        if (!is_known) {
            return azure::BatchError{
                azure::BatchErrorCode::invalid_query_parameter_value,
                {{"QueryParameterName", "$select"},
                 {"QueryParameterValue", std::string(text)},
                 {"Reason", "There is no property '" + std::string(name) + "'"}}};
        }
        selection.paths_.push_back(std::move(path));
    }
    return selection;
}

bool Selection::has(std::string_view member) const {
    if (paths_.empty()) return true;
    return std::ranges::any_of(paths_, [&](auto const& path) { return path.front() == member; });
}

bool Selection::is_deep() const {
    return std::ranges::any_of(paths_, [](auto const& path) { return path.size() > 1; });
}

Json Selection::apply(Json object) const {
    if (paths_.empty()) return object;
    Json out = Json::object();
    for (auto const& [name, value] : object.get_ref<Json::object_t const&>()) {
        for (auto const& path : paths_) {
            if (path.front() == name) copy_path(object, path, 0, out);
        }
    }
    return out;
}

}  // namespace bluebatch::emulator::batch::wire
