#include "emulator/blob/query/writer.hpp"

#include "emulator/blob/query/json.hpp"

namespace bluebatch::emulator::blob::query {
namespace {

bool holds(std::string const& text, std::string const& separator) {
    return !separator.empty() && text.find(separator) != std::string::npos;
}

bool needs_quotes(std::string const& text, DelimitedOutput const& format) {
    return holds(text, format.column_separator) || holds(text, format.record_separator) ||
           (format.quote && text.find(*format.quote) != std::string::npos) ||
           text.find_first_of("\r\n") != std::string::npos;
}

void append_field(std::string& out, std::string const& text, DelimitedOutput const& format) {
    if (!format.quote || !needs_quotes(text, format)) {
        out += text;
        return;
    }
    out += *format.quote;
    for (char const letter : text) {
        bool const is_special = letter == *format.quote || letter == format.escape;
        if (is_special) out += format.escape.value_or(*format.quote);
        out += letter;
    }
    out += *format.quote;
}

template <class TextOf>
void append_fields(std::string& out, Row const& row, DelimitedOutput const& format, TextOf text_of) {
    bool is_first = true;
    for (auto const& cell : row) {
        if (!is_first) out += format.column_separator;
        is_first = false;
        append_field(out, text_of(cell), format);
    }
    out += format.record_separator;
}

void append_value(std::string& out, Value const& value) {
    if (auto const* const text = std::get_if<std::string>(&value)) return json::append_string(out, *text);
    if (std::holds_alternative<Timestamp>(value)) return json::append_string(out, to_text(value));
    out += is_null(value) ? "null" : to_text(value);
}

void append_object(std::string& out, Row const& row, JsonOutput const& format) {
    out += '{';
    bool is_first = true;
    for (auto const& [name, value] : row) {
        if (std::holds_alternative<Missing>(value)) continue;
        if (!is_first) out += ',';
        is_first = false;
        json::append_string(out, name);
        out += ':';
        append_value(out, value);
    }
    out += '}';
    out += format.record_separator;
}

}  // namespace

void append_row(std::string& out, Row const& row, OutputFormat const& format) {
    if (auto const* const json = std::get_if<JsonOutput>(&format)) return append_object(out, row, *json);
    append_fields(out, row, std::get<DelimitedOutput>(format), [](Cell const& cell) {
        return to_text(cell.value);
    });
}

void append_header(std::string& out, Row const& row, OutputFormat const& format) {
    auto const* const delimited = std::get_if<DelimitedOutput>(&format);
    if (delimited == nullptr || !delimited->has_headers) return;
    append_fields(out, row, *delimited, [](Cell const& cell) { return cell.name; });
}

}  // namespace bluebatch::emulator::blob::query
