#include "emulator/blob/query/records.hpp"

#include "emulator/blob/query/json.hpp"

namespace bluebatch::emulator::blob::query {

Evaluated<Value> DelimitedRecord::field(Expression const& expression) const {
    auto const column = expression.column.value_or(fields_.size());
    if (column >= fields_.size()) return RecordFault{Fault::invalid_column_ordinal};
    return Value{fields_[column]};
}

Row DelimitedRecord::all() const {
    Row row;
    row.reserve(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i)
        row.push_back({columns_.name(i), fields_[i]});
    return row;
}

Evaluated<Value> JsonRecord::field(Expression const& expression) const {
    auto value = text_;
    for (auto const& step : expression.path) {
        auto const found = json::find(value, step);
        if (!found) return Value{Missing{}};
        value = *found;
    }
    return json::to_value(value);
}

Row JsonRecord::all() const {
    Row row;
    if (json::is_object(text_)) {
        json::for_each_member(text_, [&](std::string_view name, std::string_view value) {
            row.push_back({json::decode_string(name), json::to_exact_value(value)});
            return true;
        });
    } else if (scalars_ == Scalars::column) {
        row.push_back({"_1", json::to_exact_value(text_)});
    }
    return row;
}

bool for_each_in_table(std::string_view value, std::span<PathStep const> table, VisitRecord const& visit) {
    if (table.empty()) return visit(value);
    auto const& step = table.front();
    auto const rest = table.subspan(1);
    bool const is_all = step.name.empty() && !step.is_quoted && !step.index;
    if (!is_all) {
        auto const found = json::find(value, step);
        return !found || for_each_in_table(*found, rest, visit);
    }
    if (!json::is_array(value)) return true;
    return json::for_each_element(value, [&](std::string_view element) {
        return for_each_in_table(element, rest, visit);
    });
}

}  // namespace bluebatch::emulator::blob::query
